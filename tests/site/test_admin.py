"""Administration: members and their links, followers, other servers, the log, the settings."""

import re

import httpx

from fedchapter.members import Role
from fedchapter.store import Unit
from tests.site.people import PASSWORD, is_signed_in, member, sign_in
from tests.support.network import World

LINK = re.compile(r"https://riverside\.test(/join/[\w-]+)")


async def made_link(admin: httpx.AsyncClient, path: str, **form: str) -> str:
    """The link that a page shows once."""
    page = await admin.post(path, data=form)
    assert page.status_code == 200
    found = LINK.search(page.text)
    assert found is not None
    return found.group(1)


async def test_an_admin_invites_somebody_who_then_takes_part(world: World) -> None:
    chapter = await world.chapter()
    admin, newcomer = await chapter.signed_in(Role.ADMIN, "Ana"), chapter.client()
    link = await made_link(admin, "/admin/invitations", role="moderator", note="Sam of the tram works")
    listed = (await admin.get("/admin/invitations")).text
    assert "Sam of the tram works" in listed
    assert link not in listed
    await newcomer.post(link, data={"display_name": "Sam", "password": PASSWORD})
    assert (await newcomer.get("/admin/log")).status_code == 200
    assert (await newcomer.get("/admin/members")).status_code == 403
    assert "Sam of the tram works" not in (await admin.get("/admin/invitations")).text


async def test_a_withdrawn_invitation_opens_nothing(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    link = await made_link(admin, "/admin/invitations", role="member")
    [row] = await chapter.rows("SELECT id FROM invitation")
    assert (await admin.post(f"/admin/invitations/{row['id']}/withdraw")).status_code == 303
    assert (await chapter.client().get(link)).status_code == 404
    assert (await admin.post("/admin/invitations", data={"role": "king"})).status_code == 400


async def test_an_admin_makes_a_link_for_a_new_password_and_removes(world: World) -> None:
    chapter = await world.chapter()
    admin, client = await chapter.signed_in(Role.ADMIN), chapter.client()
    bea = await member(chapter, "Bea", role=Role.MODERATOR)
    link = await made_link(admin, f"/admin/members/{bea.id}/link")
    await client.post(link, data={"password": "another river, another boat"})
    assert (await sign_in(chapter.client(), "Bea")).status_code == 403
    assert await is_signed_in(client)
    assert (await admin.post(f"/admin/members/{bea.id}/remove")).status_code == 303
    assert not await is_signed_in(client)


async def test_the_overview_says_what_waits(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    admin = await chapter.signed_in(Role.ADMIN)
    assert "the only admin" in (await admin.get("/admin")).text
    await admin.post("/admin/settings", data=settings_form(approve_followers="yes"))
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    page = (await admin.get("/admin")).text
    assert "1 person asks to follow" in page


def settings_form(**changes: str) -> dict[str, str]:
    """A whole settings form."""
    usual = {"name": "Riverside", "accent": "teal", "timezone": "Europe/Berlin", "quotes": "public"}
    return usual | {"hold_first_replies": "yes"} | changes


async def test_followers_are_approved_rejected_and_removed(each_world: World) -> None:
    chapter, ada, bob = await each_world.chapter(), each_world.stranger(), each_world.stranger("bob")
    staff, admin = await chapter.signed_in(Role.MODERATOR), await chapter.signed_in(Role.ADMIN)
    await admin.post("/admin/settings", data=settings_form(approve_followers="yes"))
    for stranger in (ada, bob):
        await stranger.tell(chapter, stranger.activity("Follow", chapter.uri))
    page = (await staff.get("/admin/followers")).text
    assert "Waiting for approval" in page
    ids = {
        row["follower_uri"]: row["id"] for row in await chapter.rows("SELECT id, follower_uri FROM follow")
    }
    await staff.post(f"/admin/followers/{ids[ada.uri]}", data={"act": "approve"})
    await staff.post(f"/admin/followers/{ids[bob.uri]}", data={"act": "reject"})
    await chapter.settle()
    assert [one["type"] for one in ada.received if one["type"] in ("Accept", "Reject")] == ["Accept"]
    assert [one["type"] for one in bob.received if one["type"] in ("Accept", "Reject")] == ["Reject"]
    await staff.post(f"/admin/followers/{ids[ada.uri]}", data={"act": "remove"})
    await chapter.settle()
    assert "Reject" in [one["type"] for one in ada.received]
    assert await chapter.count("follow") == 0


async def test_the_chapter_follows_by_handle_and_stops(world: World) -> None:
    riverside, hillside = await world.chapter("riverside"), await world.chapter("hillside")
    staff = await riverside.signed_in(Role.MODERATOR)
    for typed, words in {"nonsense": "Write it like", "@nobody@hillside.test": "knows nobody"}.items():
        refused = await staff.post("/admin/following", data={"handle": typed})
        assert refused.status_code == 400
        assert words in refused.text
        assert f'value="{typed}"' in refused.text
    answer = await staff.post("/admin/following", data={"handle": "@hillside@hillside.test"})
    assert answer.status_code == 303
    await world.settle()
    assert "accepted" in (await staff.get("/admin/following")).text
    assert "Hillside" in (await riverside.client().get("/about")).text
    [row] = await riverside.rows("SELECT id FROM follow")
    await staff.post(f"/admin/following/{row['id']}/end")
    await world.settle()
    assert await hillside.count("follow") == 0


async def test_a_server_is_held_refused_and_free_again(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    admin = await chapter.signed_in(Role.ADMIN)
    without_reason = await admin.post("/admin/peers", data={"host": "elsewhere.test", "decision": "refuse"})
    assert without_reason.status_code == 400
    assert "Say why" in without_reason.text
    form = {"host": "Elsewhere.test", "decision": "refuse", "reason": "spam"}
    assert (await admin.post("/admin/peers", data=form)).status_code == 303
    refused = await ada.send(chapter, ada.activity("Follow", chapter.uri))
    assert refused.status_code in (401, 403)
    page = (await admin.get("/admin/peers/elsewhere.test")).text
    assert "spam" in page
    await admin.post("/admin/peers", data={"host": "elsewhere.test", "decision": "lift"})
    assert (await ada.tell(chapter, ada.activity("Follow", chapter.uri)))[0] == "done"
    own = await admin.post("/admin/peers", data=form | {"host": "riverside.test"})
    assert "That is this server." in own.text


async def test_what_waits_for_a_resting_server_is_tried_again_at_once(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    admin = await chapter.signed_in(Role.ADMIN)
    world.network.answering("elsewhere.test", 503)
    await chapter.unit(lambda unit: _wait_for(unit, ada.uri))
    page = (await admin.get("/admin/peers/elsewhere.test")).text
    assert "Try again now" in page
    assert "resting" in page
    await admin.post("/admin/peers/elsewhere.test/retry")
    world.network.mend("elsewhere.test")
    await chapter.settle()
    assert await chapter.count("delivery", "state = 'done'") == 1
    assert (await admin.get("/admin/peers/never-met.test")).status_code == 404


async def _wait_for(unit: Unit, actor_uri: str) -> None:
    await unit.execute(
        "INSERT INTO peer (host, software, scheme, failures, failing_days, failed_on, last_error, first_seen_at, "
        "resting_until_at) VALUES ('elsewhere.test', '', 'cavage', 9, 2, '', 'no answer', ?, ?)",
        unit.now,
        unit.now.replace(year=unit.now.year + 1),
    )
    await unit.execute(
        "INSERT INTO outbox_item (id, uri, actor_uri, verb, object_uri, kind, body, access, created_at) "
        "VALUES ('o', ?, ?, 'Like', '', 'reaction', '{}', 'by-id', ?)",
        unit.settings.uri("activities", "o"),
        unit.settings.chapter_uri,
        unit.now,
    )
    await unit.execute(
        "INSERT INTO delivery (outbox_id, actor_uri, inbox, host, state, attempts, reason, created_at, due_at) "
        "VALUES ('o', ?, ?, 'elsewhere.test', 'due', 3, 'answered 503', ?, ?)",
        unit.settings.chapter_uri,
        f"{actor_uri}/inbox",
        unit.now,
        unit.now.replace(year=unit.now.year + 1),
    )


async def test_the_log_shows_both_ways_with_reason_and_json(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    staff = await chapter.signed_in(Role.MODERATOR)
    follow = ada.activity("Follow", chapter.uri)
    await ada.tell(chapter, follow)
    received = (await staff.get("/admin/log")).text
    for text in (
        "<b>Follow</b>",
        "from elsewhere.test",
        "accepted as a follower",
        "&#34;type&#34;: &#34;Follow&#34;",
    ):
        assert text in received
    sent = (await staff.get("/admin/log?way=out&state=done&host=elsewhere.test")).text
    assert "<b>Accept</b>" in sent
    assert "Nothing like that" in (await staff.get("/admin/log?state=failed")).text
    [row] = await chapter.rows("SELECT id FROM inbox_item")
    entry = (await staff.get(f"/admin/log/in/{row['id']}")).text
    assert follow["id"] in entry
    assert "main-key" in entry
    await chapter.unit(lambda unit: unit.execute("UPDATE inbox_item SET body = ''"))
    assert "The body was erased" in (await staff.get(f"/admin/log/in/{row['id']}")).text
    for path in ("/admin/log/in/999", "/admin/log/sideways/1"):
        assert (await staff.get(path)).status_code == 404
    assert (await staff.get("/admin/log?before=abc&way=x&state=y")).status_code == 200


async def test_the_log_is_paged_by_id(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    staff = await chapter.signed_in(Role.MODERATOR)
    for number in range(35):
        await ada.send(chapter, ada.activity("View", f"https://elsewhere.test/{number}"))
    await chapter.settle()
    first = (await staff.get("/admin/log?host=elsewhere.test")).text
    assert first.count('class="log-line"') == 30
    older = re.search(r'rel="next" href="([^"]+)"', first)
    assert older is not None
    assert (await staff.get(older.group(1).replace("&amp;", "&"))).text.count('class="log-line"') == 5


async def test_new_settings_are_seen_at_once_and_told_to_followers(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    admin = await chapter.signed_in(Role.ADMIN)
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    form = settings_form(name="Riverside Tenants", summary="We **meet** on Tuesdays.", tagline="By the river")
    assert (await admin.post("/admin/settings", data=form)).status_code == 303
    await chapter.settle()
    page = (await chapter.client().get("/")).text
    for text in ("Riverside Tenants", "By the river", "<strong>meet</strong>", "accent-teal"):
        assert text in page
    updates = [one for one in ada.received if one["type"] == "Update"]
    assert [update["object"]["name"] for update in updates] == ["Riverside Tenants"]
    assert "We **meet** on Tuesdays." in (await admin.get("/admin/settings")).text
    await admin.post("/admin/settings", data=form | {"accent": "plum"})
    await chapter.settle()
    assert len([one for one in ada.received if one["type"] == "Update"]) == 1, "a colour is our own affair"


async def test_wrong_settings_come_back_with_what_is_wrong(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    form = settings_form(name="", accent="gold", timezone="Mars/Base", source_url="ftp://x", about="kept" * 3)
    answer = await admin.post("/admin/settings", data=form)
    assert answer.status_code == 400
    for text in ("Choose one of the colours", "time zone from the list", "begins with https", "keptkeptkept"):
        assert text in answer.text
    assert await chapter.count("choice") == 0
    named = await admin.post("/admin/settings", data=settings_form(name=" "))
    assert "name has 1 to 100" in named.text
