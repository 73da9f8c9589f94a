"""Pages of groups: who sees what, who may do what, and that what is for a group alone is nowhere else."""

from functools import partial
from xml.etree import ElementTree

import httpx
import pytest

from fedchapter.members import Role
from fedchapter.objects.announcement import service as announcements
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.event.service import ours
from fedchapter.objects.group import service
from fedchapter.objects.group.draft import NoteDraft
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.event.made import draft as event_draft
from tests.objects.event.made import follow
from tests.objects.group.made import belongs, captain, enter, found, member, told
from tests.support.chapter import Chapter
from tests.support.network import World

FOUND = {
    "name": "Harbour district",
    "slug": "harbour",
    "kind": "precinct",
    "public": "yes",
    "joining": "open",
}


async def test_an_organizer_founds_a_group_and_appoints_its_captain(each_world: World) -> None:
    riverside = await each_world.chapter()
    organizer = await riverside.signed_in(Role.ORGANIZER)
    cleo = await member(riverside, "Cleo")
    answer = await organizer.post("/admin/groups", data=FOUND)
    assert (answer.status_code, answer.headers["location"]) == (303, "/groups/harbour/members")
    answer = await organizer.post("/groups/harbour/captains", data={"name": "cleo", "months": "6"})
    assert answer.status_code == 303
    page = (await organizer.get("/groups/harbour/members")).text
    assert "Cleo" in page and "Appoint a captain" in page
    browser = await enter(riverside, cleo)
    assert "Announce something" in (await browser.get("/@harbour")).text
    assert "Harbour district" in (await riverside.client().get("/about")).text


async def test_a_form_that_is_refused_keeps_what_was_typed(world: World) -> None:
    riverside = await world.chapter()
    organizer = await riverside.signed_in(Role.ORGANIZER)
    answer = await organizer.post("/admin/groups", data=FOUND | {"slug": "relay", "about": "By the water"})
    assert answer.status_code == 422
    assert "would take it for an office here" in answer.text and "By the water" in answer.text
    await found(riverside)
    answer = await organizer.post("/groups/harbour/captains", data={"name": "Nobody of that name"})
    assert answer.status_code == 422 and "Nobody of that name" in answer.text


async def test_a_member_joins_and_leaves(world: World) -> None:
    riverside = await world.chapter()
    await found(riverside)
    ana = await enter(riverside, await member(riverside, "Ana"))
    assert "Only members of this group" in (await ana.get("/groups/harbour/members")).text
    assert (await ana.post("/groups/harbour/join")).headers["location"] == "/@harbour"
    assert "You are in this group" in (await ana.get("/@harbour")).text
    assert "Ana" in (await ana.get("/groups/harbour/members")).text
    await ana.post("/groups/harbour/leave")
    assert (await ana.get("/groups/harbour/members")).status_code == 403


async def test_a_captain_lets_in_who_asks(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside, joining="asked")
    ana = await member(riverside, "Ana")
    await (await enter(riverside, ana)).post("/groups/harbour/join")
    cleo = await enter(riverside, await captain(riverside, group))
    assert "1 person would like to join Harbour district." in (await cleo.get("/me")).text
    assert "1 person would like to join" in (await cleo.get("/@harbour")).text
    assert "would like to join" not in (await (await enter(riverside, ana)).get("/@harbour")).text
    assert "Would like to join" in (await cleo.get("/groups/harbour/members")).text
    answer = await cleo.post(f"/groups/harbour/members/{ana.id}", data={"act": "admit"})
    assert answer.status_code == 303
    assert await riverside.count("group_member", "state = 'member'") == 2
    assert "would like to join Harbour" not in (await cleo.get("/me")).text


async def test_the_feed_says_which_group_said_what(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    for uri in ("", group.actor_uri):
        draft = Draft(f"Said by {uri or 'all'}", author_uri=uri)
        await riverside.unit(partial(announcements.write, draft=draft))
    async with riverside.client() as visitor:
        feed = ElementTree.fromstring((await visitor.get("/feed.xml")).text)
    atom = {"a": "http://www.w3.org/2005/Atom"}
    said = {
        one.findtext("a:title", "", atom): one.findtext("a:author/a:name", "", atom)
        for one in feed.findall("a:entry", atom)
    }
    assert said == {"Said by all": "", f"Said by {group.actor_uri}": "Harbour district"}


async def test_a_captain_writes_as_the_group_and_as_nobody_else(world: World) -> None:
    riverside = await world.chapter()
    group, other = await found(riverside), await found(riverside, "weavers")
    cleo = await enter(riverside, await captain(riverside, group))
    page = (await cleo.get("/write")).text
    assert f'name="as" value="{group.actor_uri}"' in page and other.actor_uri not in page
    written = {"text": "The pier is open.", "do": "publish", "visibility": "public", "when": "now"}
    answer = await cleo.post("/write", data=written | {"as": group.actor_uri})
    assert answer.status_code == 303
    [row] = await riverside.rows("SELECT id, author_uri FROM announcement")
    assert row["author_uri"] == group.actor_uri
    assert (await cleo.post(f"/announcements/{row['id']}/pin", data={"pinned": "yes"})).status_code == 303
    for uri in (riverside.uri, other.actor_uri, "https://elsewhere.test/users/ada"):
        assert (await cleo.post("/write", data=written | {"as": uri})).status_code == 403
    assert await riverside.count("announcement") == 1


async def test_a_captain_touches_nothing_of_the_chapter_or_of_another_group(world: World) -> None:
    riverside = await world.chapter()
    group, other = await found(riverside), await found(riverside, "weavers")
    cleo = await enter(riverside, await captain(riverside, group))
    for uri in ("", other.actor_uri):
        draft = Draft("Not yours.", author_uri=uri)
        post = await riverside.unit(lambda unit, draft=draft: announcements.write(unit, draft))
        wanted = event_draft(riverside, owner_uri=uri)
        event = await riverside.unit(lambda unit, wanted=wanted: ours.publish_event(unit, wanted))
        for path in (
            f"/announcements/{post}/edit",
            f"/announcements/{post}/delete",
            f"/events/{event.id}/edit",
        ):
            assert (await cleo.get(path)).status_code == 403, path
            assert (await cleo.post(path, data={"text": "mine"})).status_code == 403, path
        assert (await cleo.get(f"/events/{event.id}/answers")).status_code == 403
        assert (await cleo.post(f"/events/{event.id}/cancel")).status_code == 403
    for path in ("/groups/weavers/edit", "/groups/weavers/members", "/groups/weavers/notes/new"):
        assert (await cleo.get(path)).status_code == 403, path
    for path in ("/groups/harbour/close", "/admin/groups", "/admin/following", "/admin/followers"):
        assert (await cleo.get(path)).status_code == 403, path
    assert (await cleo.get("/groups/weavers/followers")).status_code == 403
    assert (await cleo.get("/groups/harbour/followers")).status_code == 200


async def test_what_waits_for_its_time_is_seen_by_who_speaks_for_it(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    later = riverside.clock.now().replace(year=2099)
    for uri, text in (("", "Of the chapter."), (group.actor_uri, "Of the group.")):
        draft = Draft(text, author_uri=uri, publish_at=later)
        await riverside.unit(lambda unit, draft=draft: announcements.write(unit, draft))
    cleo = await enter(riverside, await captain(riverside, group))
    page = (await cleo.get("/scheduled")).text
    assert "Of the group." in page and "Of the chapter." not in page


async def test_a_captain_sees_the_skills_of_those_who_let_captains_see_them(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    for name, who, words in (("Ana", "groups", "Welding"), ("Bea", "organizers", "Lockpicking")):
        account = await belongs(riverside, group, name)
        await riverside.unit(
            lambda unit, account=account, words=words: unit.execute(
                "INSERT INTO skill (id, account_id, sort, words, folded, created_at) VALUES (?, ?, 'skill', ?, ?, ?)",
                unit.new_id(),
                account.id,
                words,
                words.lower(),
                unit.now,
            )
        )
        await riverside.unit(
            lambda unit, account=account, who=who: unit.execute(
                "INSERT INTO detail (account_id, legal_name, phone, skills_for, changed_at) VALUES (?, '', '', ?, ?)",
                account.id,
                who,
                unit.now,
            )
        )
    cleo = await enter(riverside, await captain(riverside, group))
    page = (await cleo.get("/groups/harbour/members")).text
    assert "Welding" in page and "Lockpicking" not in page


async def test_notes_and_meetings_are_read_by_members_of_the_group_only(each_world: World) -> None:
    riverside = await each_world.chapter()
    group = await found(riverside, "nightjar", public=False)
    ana = await belongs(riverside, group, "Ana")
    cleo = await enter(riverside, await captain(riverside, group))
    told_about = {"title": "Door code", "text": "It is **4711**.", "day": "", "time": ""}
    assert (await cleo.post("/groups/nightjar/notes/new", data=told_about)).status_code == 303
    meeting = {"title": "We meet", "text": "", "day": "2099-05-01", "time": "19:00", "place": "Cellar"}
    assert (await cleo.post("/groups/nightjar/notes/new", data=meeting)).status_code == 303
    page = (await (await enter(riverside, ana)).get("/groups/nightjar")).text
    assert "4711" in page and "Cellar" in page
    assert (await told(riverside, ana))[-1] == ("group", "For the members of %(group)s: %(title)s")
    bea = await enter(riverside, await member(riverside, "Bea"))
    page = (await bea.get("/groups/nightjar")).text
    assert "Nightjar" in page and "4711" not in page and "Cellar" not in page
    [row, *_] = await riverside.rows("SELECT id FROM group_note ORDER BY id")
    assert (await bea.post(f"/groups/nightjar/notes/{row['id']}/delete")).status_code == 403
    assert (await cleo.post(f"/groups/nightjar/notes/{row['id']}/delete")).status_code == 303
    assert await riverside.count("group_note") == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"title": ""}, "A title has 1 to"),
        ({"title": "Past", "day": "2001-01-01", "time": "10:00"}, "This moment has passed"),
        ({"title": "No time", "day": "2099-01-01"}, "Give a date and a time"),
    ],
)
async def test_a_note_that_is_refused_says_why_and_keeps_its_text(
    world: World, typed: dict[str, str], words: str
) -> None:
    riverside = await world.chapter()
    group = await found(riverside, "nightjar", public=False)
    cleo = await enter(riverside, await captain(riverside, group))
    answer = await cleo.post("/groups/nightjar/notes/new", data={"text": "Kept words"} | typed)
    assert answer.status_code == 422
    assert words in answer.text and "Kept words" in answer.text


PUBLIC_PATHS = (
    *(
        "/",
        "/about",
        "/groups",
        "/events",
        "/proposals",
        "/feed.xml",
        "/calendar.ics",
        "/@riverside",
        "/tags/nightjar",
    ),
    *("/@nightjar", "/@nightjar/outbox", "/groups/nightjar", "/groups/nightjar/members", "/nodeinfo/2.1"),
    *("/@riverside/outbox", "/@riverside/followers", "/@riverside/members", "/actor/outbox"),
    "/.well-known/webfinger?resource=acct:nightjar@riverside.test",
)


async def answers(client: httpx.AsyncClient) -> list[str]:
    """What every one of those addresses says, to a browser and to a server."""
    said = []
    for path in PUBLIC_PATHS:
        for accept in ("text/html", ACTIVITY_JSON):
            answer = await client.get(path, headers={"Accept": accept})
            said.append(f"{path}: {answer.text}")
    return said


async def secret(chapter: Chapter) -> None:
    """A group that only members of the chapter know of, with a member and a note."""
    group = await found(chapter, "nightjar", public=False, name="Nightjar circle", about="Owl-eyed plans")
    cleo = await captain(chapter, group, "Cleopatra Unmistakable")
    note = NoteDraft(
        "Moonlit title", "Moonlit text", chapter.clock.now().replace(year=2099), "Moonlit cellar"
    )
    await chapter.unit(lambda unit: service.write_note(unit, group, note, by=cleo.id))


async def test_a_group_that_is_not_public_is_nowhere_outside(each_world: World) -> None:
    riverside = await each_world.chapter()
    ada = each_world.stranger()
    await follow(ada, riverside)
    await secret(riverside)
    await each_world.settle()
    said = await answers(riverside.client())
    rows = await riverside.rows("SELECT body FROM outbox_item")
    said += [row["body"] for row in rows] + [str(ada.received)]
    for word in ("Nightjar circle", "Owl-eyed", "Moonlit", "Unmistakable"):
        assert [text for text in said if word in text] == []
    assert await riverside.count("known_object", "kind = 'group'") == 0
    asked = await riverside.client().get("/groups/nightjar")
    missing = await riverside.client().get("/groups/there-is-none")
    assert (asked.status_code, asked.text) == (missing.status_code, missing.text), "nobody can tell"


async def test_what_is_for_the_group_alone_is_on_no_page_of_other_members(world: World) -> None:
    riverside = await world.chapter()
    await secret(riverside)
    said = await answers(await riverside.signed_in(Role.MEMBER))
    said += await answers(await riverside.signed_in(Role.TREASURER))
    assert [text for text in said if "Moonlit" in text] == []


async def test_visitors_see_no_name_of_a_member_on_the_page_of_a_public_group(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    await captain(riverside, group, "Cleopatra Unmistakable")
    visitor, insider = riverside.client(), await riverside.signed_in(Role.MEMBER)
    page = (await visitor.get("/@harbour")).text
    assert "Unmistakable" not in page and "1 member" not in page
    assert "Unmistakable" in (await insider.get("/@harbour")).text
    assert "1 member" not in (await visitor.get("/groups")).text


async def test_one_leads_from_the_group_to_ones_own_server(world: World) -> None:
    riverside = await world.chapter()
    group = await found(riverside)
    visitor = riverside.client()
    page = (await visitor.get("/follow", params={"uri": group.actor_uri})).text
    assert "Follow Harbour district" in page and "@harbour@riverside.test" in page
    brought = await visitor.get("/interact", params={"uri": group.actor_uri})
    assert brought.headers["location"] == "/@harbour"
    assert (await visitor.get("/groups/harbour")).headers["location"] == "/@harbour"


async def test_closing_asks_first_and_is_for_organizers(world: World) -> None:
    riverside = await world.chapter()
    await found(riverside)
    organizer = await riverside.signed_in(Role.ORGANIZER)
    assert "is gone" in (await organizer.get("/groups/harbour/close")).text
    assert (await organizer.post("/groups/harbour/close")).status_code == 303
    assert (await organizer.get("/@harbour")).status_code == 410
    assert (await organizer.get("/groups/harbour/members")).status_code == 404
