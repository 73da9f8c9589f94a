"""Whose handle is this: WebFinger both ways, one redirect of the subject, host-meta, and who claims another's actor."""

from typing import Any
from urllib.parse import unquote

import msgspec
import pytest

from fedchapter.actors import ActorRow
from fedchapter.errors import PeerFailed, PeerRefused, Refusal
from fedchapter.federation.finger import find_or_fetch_handle
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.support.network import Chapter, World


class Fingers:
    """A server that answers what a test put at an address, and remembers what it was asked."""

    def __init__(self, world: World, host: str) -> None:
        self.host = host
        self.answers: dict[str, tuple[int, bytes]] = {}
        self.asked: list[str] = []
        world.network.apps[host] = self

    def names(self, acct: str, uri: str, *, subject: str = "", **links: str) -> None:
        """`acct` leads to `uri`."""
        found = [{"rel": "self", "type": ACTIVITY_JSON, "href": uri}]
        found += [{"rel": rel, "template": template} for rel, template in links.items()]
        self.say(acct, {"subject": f"acct:{subject or acct}", "links": found})

    def say(self, acct: str, jrd: dict[str, Any], status: int = 200) -> None:
        """`acct` is answered so."""
        self.answers[f"/.well-known/webfinger?resource=acct:{acct}"] = (status, msgspec.json.encode(jrd))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        query = unquote(scope["query_string"].decode())
        path = scope["path"] + (f"?{query}" if query else "")
        self.asked.append(path)
        status, body = self.answers.get(path, (404, b"{}"))
        type_ = "application/jrd+json" if "webfinger" in path else ACTIVITY_JSON
        headers = [(b"content-type", type_.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def find(chapter: Chapter, text: str) -> ActorRow:
    return await chapter.run(find_or_fetch_handle(chapter.house, text))


@pytest.mark.parametrize(
    "text", ["@ada@elsewhere.test", "ada@elsewhere.test", " acct:Ada@Elsewhere.TEST ", "@ada@elsewhere.test."]
)
async def test_a_handle_is_found_however_it_is_written(world: World, text: str) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    ada.site.webfinger["acct:Ada@elsewhere.test"] = ada.uri
    assert (await find(chapter, text)).uri == ada.uri


async def test_an_address_is_found_too(world: World) -> None:
    chapter, hillside = await world.chapter(), await world.chapter("hillside")
    ada = world.stranger()
    assert (await find(chapter, ada.uri)).handle == "@ada@elsewhere.test"
    assert (await find(chapter, hillside.uri)).uri == hillside.uri
    assert (await find(chapter, "@hillside@hillside.test")).type == "Group"


async def test_our_own_handles_are_looked_up_without_a_request(world: World) -> None:
    chapter = await world.chapter()
    assert (await find(chapter, "@riverside@riverside.test")).local
    assert (await find(chapter, chapter.uri)).local
    with pytest.raises(Refusal, match="Nobody on this server"):
        await find(chapter, "@nobody@riverside.test")
    assert world.network.log == []


@pytest.mark.parametrize("text", ["", "ada", "@", "@ada", "ada@", "@ada@else where", "a/b@x.test", "ada@x/y"])
async def test_what_is_no_handle_is_refused_in_words(world: World, text: str) -> None:
    chapter = await world.chapter()
    with pytest.raises(Refusal, match="Write it like"):
        await find(chapter, text)


async def test_a10_a_domain_cannot_claim_the_actor_of_another_host(world: World) -> None:
    chapter, boss = await world.chapter(), world.stranger("boss", "good.test")
    Fingers(world, "evil.test").names("boss@evil.test", boss.uri)
    with pytest.raises(PeerRefused) as refused:
        await find(chapter, "@boss@evil.test")
    assert refused.value.code == "handle-claimed"


async def test_a10_a_handle_under_another_name_of_the_same_host_is_refused(world: World) -> None:
    chapter, boss = await world.chapter(), world.stranger("boss", "good.test")
    boss.site.webfinger["acct:intern@good.test"] = boss.uri
    with pytest.raises(PeerRefused) as refused:
        await find(chapter, "@intern@good.test")
    assert refused.value.code == "handle-name"


async def test_a10_a_handle_on_the_bare_domain_counts_when_the_server_agrees(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "social.movement.test")
    domain = Fingers(world, "movement.test")
    domain.names("ada@movement.test", ada.uri)
    with pytest.raises(PeerRefused):
        await find(chapter, "@ada@movement.test")
    bare = {
        "subject": "acct:ada@movement.test",
        "links": [{"rel": "self", "type": ACTIVITY_JSON, "href": ada.uri}],
    }
    social = Fingers(world, "social.movement.test")
    social.say("ada@social.movement.test", bare)
    social.answers["/users/ada"] = (200, msgspec.json.encode(ada.document()))
    assert (await find(chapter, "@ada@movement.test")).uri == ada.uri
    assert (await find(chapter, "@ada@social.movement.test")).uri == ada.uri


async def test_a10_a_second_redirect_of_the_subject_is_not_followed(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    Fingers(world, "one.test").names("ada@one.test", ada.uri, subject="ada@two.test")
    two = Fingers(world, "two.test")
    two.names("ada@two.test", ada.uri, subject="ada@elsewhere.test")
    with pytest.raises(PeerRefused) as refused:
        await find(chapter, "@ada@one.test")
    assert refused.value.code == "handle-subject"


async def test_a10_the_actor_must_have_exactly_the_id_that_was_linked(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    ada.put("https://elsewhere.test/@ada", ada.document())
    ada.site.webfinger["acct:ada@elsewhere.test"] = "https://elsewhere.test/@ada"
    with pytest.raises(PeerRefused) as refused:
        await find(chapter, "@ada@elsewhere.test")
    assert refused.value.code == "handle-link"


async def test_after_a_404_the_host_is_asked_where_its_webfinger_is(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger("ada", "social.movement.test")
    domain = Fingers(world, "movement.test")
    xrd = '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0"><Link rel="lrdd" template="{}"/></XRD>'
    elsewhere = "https://social.movement.test/.well-known/webfinger?resource={uri}"
    domain.answers["/.well-known/host-meta"] = (200, xrd.format(elsewhere).encode())
    jrd = {
        "subject": "acct:ada@movement.test",
        "links": [{"rel": "self", "type": ACTIVITY_JSON, "href": ada.uri}],
    }
    social = Fingers(world, "social.movement.test")
    social.answers["/users/ada"] = (200, msgspec.json.encode(ada.document()))
    for acct in ("ada@movement.test", "ada@social.movement.test"):
        social.say(acct, jrd)
    assert (await find(chapter, "@ada@movement.test")).uri == ada.uri
    assert "/.well-known/host-meta" in domain.asked


async def test_what_is_gone_absent_or_broken_is_told_apart(world: World) -> None:
    chapter, site = await world.chapter(), Fingers(world, "movement.test")
    site.say("gone@movement.test", {}, 410)
    site.say("busy@movement.test", {}, 503)
    with pytest.raises(PeerRefused, match="gone for good"):
        await find(chapter, "@gone@movement.test")
    with pytest.raises(PeerFailed, match="503"):
        await find(chapter, "@busy@movement.test")
    with pytest.raises(PeerRefused, match="knows nobody"):
        await find(chapter, "@nobody@movement.test")
    with pytest.raises(PeerFailed):
        await find(chapter, "@nobody@not-there.test")


@pytest.mark.parametrize(
    "links",
    [
        None,
        [],
        "links",
        [{"rel": "self", "type": "text/html", "href": "https://movement.test/ada"}],
        [{"rel": "self", "type": ACTIVITY_JSON, "href": "javascript:alert(1)"}],
        [{"rel": "self", "type": ACTIVITY_JSON, "href": ["https://movement.test/ada"]}],
        [{"rel": "self", "href": "https://movement.test/ada"}, 7],
    ],
)
async def test_a_handle_without_an_exact_self_link_leads_nowhere(world: World, links: Any) -> None:
    chapter = await world.chapter()
    Fingers(world, "movement.test").say(
        "ada@movement.test", {"subject": "acct:ada@movement.test", "links": links}
    )
    with pytest.raises(PeerRefused) as refused:
        await find(chapter, "@ada@movement.test")
    assert refused.value.code == "no-self-link"
