"""Servers that lie, lead astray, wait, or send too much: RFC 9700 §4; operations.md §3 rows B2, B4, D3."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from fedchapter.errors import Forbidden, Refusal
from fedchapter.oauth import flow
from tests.oauth.way import come_back, query_of, start, walk
from tests.support.network import Chapter, World
from tests.support.oauth_server import MASTODON_4_2, Endpoint, OAuthServer, open_oauth


def saying(document: Any, status: int = 200) -> Endpoint:
    """An endpoint that always answers that."""

    async def answer(request: Request) -> Response:
        return JSONResponse(document, status)

    return answer


def leading_to(url: str) -> Endpoint:
    """An endpoint that sends whoever asks elsewhere."""

    async def answer(request: Request) -> Response:
        return RedirectResponse(url, 302)

    return answer


async def refused(chapter: Chapter, server: OAuthServer, code: str) -> None:
    """The walk ends with that refusal, and no token is left alive at the server."""
    with pytest.raises(Refusal) as caught:
        await walk(chapter, server)
    assert caught.value.code == code
    assert server.live_tokens() == []


@pytest.mark.parametrize(
    "sub",
    [
        "https://victim.test/users/eve",
        "https://social.test.evil.test/users/ada",
        "https://social.test:8443/users/ada",
    ],
)
async def test_a_server_speaks_only_for_its_own_accounts(world: World, sub: str) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    world.stranger("eve", "victim.test")
    server.people["ada"] = sub
    await refused(chapter, server, "wrong-host")


async def test_an_older_server_cannot_lead_its_webfinger_to_another_s_account(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, software=MASTODON_4_2)
    server.webfinger["acct:ada@social.test"] = world.stranger("eve", "victim.test").uri
    with pytest.raises(Refusal, match=r"not signed in|did not answer"):
        beginning = await start(chapter, "social.test")
        await come_back(chapter, await server.approve(beginning.url, "ada"))
    assert server.live_tokens() == []


@pytest.mark.parametrize(
    "document", [{}, {"sub": ""}, {"sub": 7}, {"sub": "ada"}, {"sub": "javascript:alert(1)"}, [], "x"]
)
async def test_who_is_said_in_a_wrong_form_is_nobody(world: World, document: Any) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    server.answers["/oauth/userinfo"] = saying(document)
    with pytest.raises(Refusal):
        await walk(chapter, server)
    assert server.live_tokens() == []


async def test_an_account_whose_document_is_not_there_is_nobody(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    server.people["ada"] = "https://social.test/users/ghost"
    with pytest.raises(Refusal):
        await walk(chapter, server)


async def test_userinfo_of_another_issuer_is_refused(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    document = {"iss": "https://victim.test/", "sub": server.people["ada"]}
    server.answers["/oauth/userinfo"] = saying(document)
    await refused(chapter, server, "issuer")


@pytest.mark.parametrize(
    ("key", "value", "code"),
    [
        ("issuer", "https://victim.test/", "issuer"),
        ("issuer", None, "issuer"),
        ("authorization_endpoint", "https://victim.test/oauth/authorize", "elsewhere"),
        ("authorization_endpoint", "javascript:alert(1)", "elsewhere"),
        ("authorization_endpoint", "http://social.test/oauth/authorize", "elsewhere"),
        ("authorization_endpoint", "https://social.test@evil.test/", "elsewhere"),
        ("token_endpoint", "https://evil.test/token", "elsewhere"),
        ("token_endpoint", "https://127.0.0.1/token", "elsewhere"),
        ("userinfo_endpoint", "https://evil.test/me", "elsewhere"),
        ("app_registration_endpoint", 7, "elsewhere"),
    ],
)
async def test_metadata_cannot_send_anybody_to_another_server(
    world: World, key: str, value: object, code: str
) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    server.metadata_changes = {key: value}
    with pytest.raises(Refusal) as caught:
        await start(chapter, "social.test")
    assert caught.value.code == code
    assert server.books.applications == {}


async def test_mix_up_a_code_is_never_handed_to_another_server_than_the_one_that_gave_it(
    world: World,
) -> None:
    chapter = await world.chapter()
    honest, evil = open_oauth(world), open_oauth(world, "evil.test", people=("mallory",))
    await start(chapter, "social.test")
    [ours] = honest.books.applications
    begun = await start(chapter, "evil.test")
    asked = query_of(begun.url)
    # The evil server sends the browser on to the honest one, with our application there and its own state.
    application = honest.books.applications[ours]
    [back] = application.redirect_uris
    url = (
        f"{honest.origin}/oauth/authorize?response_type=code&client_id={ours}&redirect_uri={back}&scope=profile"
        f"&state={asked['state']}&code_challenge={asked['code_challenge']}&code_challenge_method=S256"
    )
    with pytest.raises(Refusal, match=r"Another server than evil\.test answered"):
        await come_back(chapter, await honest.approve(url, "ada"))
    assert evil.books.handed_in == []


async def test_mix_up_the_honest_server_sends_nobody_to_the_evil_one_s_address(world: World) -> None:
    chapter = await world.chapter()
    honest, _ = open_oauth(world), open_oauth(world, "evil.test")
    await start(chapter, "social.test")
    [ours] = honest.books.applications
    evil = query_of((await start(chapter, "evil.test")).url)
    url = f"{honest.origin}/oauth/authorize?response_type=code&client_id={ours}&redirect_uri={evil['redirect_uri']}"
    with pytest.raises(AssertionError, match="redirect uri"):
        await honest.approve(f"{url}&scope=profile&state={evil['state']}", "ada")


async def test_rfc_9207_an_answer_in_another_name_is_refused_and_a_promised_name_must_come(
    world: World,
) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    server.iss_in_answer = "https://social.test"
    assert (await walk(chapter, server)).proved.host == "social.test"
    server.iss_in_answer = "https://evil.test/"
    await refused(chapter, server, "mix-up")
    server.iss_in_answer = ""
    server.metadata_changes = {"authorization_response_iss_parameter_supported": True}
    await refused(chapter, server, "mix-up")


async def test_a_callback_is_good_once_for_ten_minutes_and_in_the_browser_that_began(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    once = await server.approve((await start(chapter, "social.test")).url, "ada")
    await come_back(chapter, once)
    with pytest.raises(Refusal, match="used already"):
        await come_back(chapter, once)
    late = await server.approve((await start(chapter, "social.test")).url, "ada")
    world.move(minutes=11)
    with pytest.raises(Refusal, match="too long"):
        await come_back(chapter, late)
    sent_to_a_victim = await server.approve((await start(chapter, "social.test")).url, "ada")
    with pytest.raises(Forbidden, match="another browser"):
        await come_back(chapter, sent_to_a_victim, browser="the victim's")
    with pytest.raises(Refusal, match="used already"):
        await come_back(chapter, sent_to_a_victim)


async def test_states_are_not_in_the_database_nor_is_what_they_stand_for(each_world: World) -> None:
    chapter = await each_world.chapter()
    open_oauth(each_world)
    beginning = await start(chapter, "@ada@social.test")
    [row] = await chapter.rows("SELECT * FROM ticket")
    state = query_of(beginning.url)["state"]
    for secret in (state, "social.test", "verifier"):
        assert secret not in str(row)


async def test_an_injected_code_fails_the_verifier(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world, people=("ada", "mallory"))
    stolen = query_of(await server.approve((await start(chapter, "social.test")).url, "ada"))["code"]
    mine = await server.approve((await start(chapter, "social.test")).url, "mallory")
    with pytest.raises(Refusal) as caught:
        await come_back(chapter, mine.replace(query_of(mine)["code"], stolen))
    assert caught.value.code == "invalid_grant"


@pytest.mark.parametrize("path", ["/oauth/userinfo", "/oauth/token", "/api/v1/apps"])
async def test_b2_no_secret_follows_a_redirect(world: World, path: str) -> None:
    chapter = await world.chapter()
    server, evil = open_oauth(world), open_oauth(world, "evil.test")
    server.answers[path] = leading_to(f"https://evil.test{path}")
    with pytest.raises(Refusal):
        await walk(chapter, server)
    assert [entry for entry in world.network.log if entry[1] == "evil.test"] == []
    assert evil.books.handed_in == []


async def test_b2_a_redirected_metadata_page_counts_as_none(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    open_oauth(world, "evil.test")
    server.answers["/.well-known/oauth-authorization-server"] = leading_to("https://evil.test/x")
    assert query_of((await start(chapter, "social.test")).url)["scope"] == "read:accounts"
    assert [entry for entry in world.network.log if entry[1] == "evil.test"] == []


@pytest.mark.parametrize(
    "path", ["/.well-known/oauth-authorization-server", "/oauth/userinfo", "/oauth/token", "/api/v1/apps"]
)
async def test_b4_an_answer_without_end_is_cut_off(world: World, path: str) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)

    async def flood() -> Any:
        for _ in range(200):
            yield b'{"a":"' + b"x" * 65_536

    async def answer(request: Request) -> Response:
        return StreamingResponse(flood(), media_type="application/json")

    server.answers[path] = answer
    try:
        await walk(chapter, server)
    except Refusal:
        return
    # Only the metadata can be done without.
    assert path.startswith("/.well-known")


@pytest.mark.parametrize(
    "path", ["/.well-known/oauth-authorization-server", "/oauth/userinfo", "/api/v1/apps"]
)
async def test_b4_a_server_that_never_answers_is_left(
    world: World, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)

    async def answer(request: Request) -> Response:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(flow, "PATIENCE_S", 0.2)
    server.answers[path] = answer
    await refused(chapter, server, "timeout")


@pytest.mark.parametrize(
    "application",
    [
        {},
        {"client_id": "", "client_secret": "s"},
        {"client_id": "c"},
        {"client_id": 1, "client_secret": "s"},
        {"client_id": "c" * 501, "client_secret": "s"},
        {"client_id": "c\r\nX: y", "client_secret": "s"},
        {"client_id": "c", "client_secret": "s" * 3000},
    ],
)
async def test_an_application_that_makes_no_sense_is_not_kept(world: World, application: Any) -> None:
    chapter = await world.chapter()
    open_oauth(world).answers["/api/v1/apps"] = saying(application)
    with pytest.raises(Refusal):
        await start(chapter, "social.test")
    assert await chapter.count("oauth_app") == 0


async def test_a_page_in_place_of_an_answer_is_no_answer(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)

    async def page(request: Request) -> Response:
        return PlainTextResponse("<h1>Welcome</h1>", media_type="text/html")

    server.answers["/oauth/token"] = page
    with pytest.raises(Refusal):
        await walk(chapter, server)


async def test_an_error_says_nothing_that_the_server_wrote(world: World) -> None:
    chapter = await world.chapter()
    server = open_oauth(world)
    server.answers["/oauth/token"] = saying({"error": "invalid_grant", "error_description": "CALL 555"}, 400)
    with pytest.raises(Refusal) as caught:
        await walk(chapter, server)
    assert "555" not in caught.value.message
    beginning = await start(chapter, "social.test")
    back = await server.approve(beginning.url, "ada", answer="no")
    with pytest.raises(Refusal) as other:
        await come_back(chapter, back.replace("access_denied", "CALL-555"))
    assert "555" not in other.value.message
