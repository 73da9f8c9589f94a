"""Who chose no handle is known to nobody outside; who chose one is not tied to their account by anything outside."""

from typing import Any

from fedchapter.members import Role
from fedchapter.objects.person import service
from fedchapter.objects.person.draft import PersonDraft
from tests.support.network import Chapter, World
from tests.support.persons import bearer
from tests.support.threads import announced

NAME, EMAIL = "Wilhelmina Unmistakable", "wilhelmina@mail.example"
PUBLIC = (
    "/@riverside", "/actor", "/@riverside/outbox", "/@riverside/outbox?page=1", "/@riverside/followers",
    "/@riverside/members", "/nodeinfo/2.0", "/nodeinfo/2.1", "/.well-known/host-meta",
)  # fmt: skip


async def private_member(chapter: Chapter) -> Any:
    client = await chapter.signed_in(Role.MEMBER, NAME)
    [row] = await chapter.rows("SELECT id FROM account WHERE display_name = ?", NAME)
    await chapter.unit(
        lambda unit: unit.execute("UPDATE account SET email = ? WHERE id = ?", EMAIL, row["id"])
    )
    return client


async def everything_public(chapter: Chapter) -> str:
    client = chapter.client()
    forms = ("text/html", "application/activity+json")
    pages = [(await client.get(path, headers={"Accept": form})).text for path in PUBLIC for form in forms]
    sent = [row["body"] for row in await chapter.rows("SELECT body FROM outbox_item")]
    actors = await chapter.rows("SELECT * FROM actor")
    return "\n".join([*pages, *sent, *(str(row) for row in actors)])


async def test_a_member_without_a_handle_is_in_nothing_that_others_can_ask_for(
    world: World, capfd: Any
) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    client = await private_member(chapter)
    root = await announced(chapter)
    await client.post("/comments", data={"reply_to": root, "text": "Hello"})
    await client.post("/support", data={"uri": root})
    await client.get("/me/handle")
    await chapter.settle()
    for resource in (NAME, "wilhelmina", EMAIL, "unmistakable"):
        asked = {"resource": f"acct:{resource}@riverside.test"}
        found = await chapter.client().get("/.well-known/webfinger", params=asked)
        assert found.status_code in (400, 404)
    public = await everything_public(chapter)
    said = "".join(capfd.readouterr())
    for word in ("Wilhelmina", "wilhelmina", "Unmistakable", EMAIL):
        assert word not in public
        assert word not in said
        assert word not in str(ada.received)
    assert (await chapter.client().get("/nodeinfo/2.1")).json()["usage"]["users"] == {}


async def test_a_handle_does_not_tell_whose_it_is(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    client = await private_member(chapter)
    form = {"name": "River", "handle": "river", "source": "", "read": "yes"}
    assert (await client.post("/me/handle", data=form)).status_code == 303
    root = await announced(chapter)
    posted = await client.post("/comments", data={"reply_to": root, "as": "me", "text": "Hello"})
    assert posted.status_code == 303
    await chapter.settle()
    public = await everything_public(chapter) + str(await chapter.get_json("/@river")) + str(ada.received)
    page = (await chapter.client().get("/@river")).text
    assert "River" in page
    for word in ("Wilhelmina", "Unmistakable", EMAIL):
        assert word not in public + page
    [row] = await chapter.rows("SELECT id FROM account WHERE handle = 'river'")
    assert row["id"] not in public + page
    assert "@river" not in (await chapter.client().get("/nodeinfo/2.1")).text


async def test_nothing_of_a_person_is_kept_once_the_handle_was_given_up(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    root = await announced(chapter)
    ana = await bearer(chapter, "ana", source="Telltale text", approves_followers="")
    await ada.tell(chapter, ada.activity("Follow", ana.uri))
    uris = [await ana.comment(root, f"Telltale comment {number}") for number in range(3)]
    await ana.client.post("/me/handle/give-up", data={"sure": "yes"})
    await chapter.settle()
    places = (("known_object", "html"), ("comment", "source"), ("outbox_item", "body"), ("person", "source"))
    for table, column in places:
        assert await chapter.count(table, f"{column} LIKE '%elltale%'") == 0, table
    assert await chapter.count("follow", "followed_uri = ?", ana.uri) == 0
    [root_row] = await chapter.rows("SELECT replies FROM known_object WHERE uri = ?", root)
    assert root_row["replies"] == 0
    for uri in uris:
        answer = await chapter.client().get(uri, headers={"Accept": "application/activity+json"})
        assert answer.status_code == 410
    assert [one["object"] for one in ada.received if one["type"] == "Delete"] == [ana.uri]


async def test_forgetting_goes_on_until_nothing_is_left(world: World, monkeypatch: Any) -> None:
    chapter = await world.chapter()
    monkeypatch.setattr(service, "FORGOTTEN_AT_ONCE", 2)
    root = await announced(chapter)
    ana = await bearer(chapter)
    for number in range(5):
        await ana.comment(root, f"Comment {number}")
    await ana.client.post("/me/handle/give-up", data={"sure": "yes"})
    await chapter.settle()
    assert await chapter.count("known_object", "kind = 'comment' AND state <> 'gone'") == 0


def test_every_flag_of_a_person_is_careful_by_itself() -> None:
    draft = PersonDraft("Ana")
    assert (draft.discoverable, draft.indexable, draft.approves_followers) == (False, False, True)


async def test_members_read_what_is_kept_under_their_handle(each_world: World) -> None:
    chapter = await each_world.chapter()
    root = await announced(chapter)
    ana = await bearer(chapter, "ana", source="Telltale text")
    other = await bearer(chapter, "ben", source="Of somebody else")
    await ana.comment(root, "Telltale comment")
    await other.comment(root, "Not hers")
    await ana.client.post("/support", data={"uri": root})
    page = (await ana.client.get("/me/data")).text
    for words in ("Telltale text", "Telltale comment", "What you support"):
        assert words in page
    for words in ("Of somebody else", "Not hers"):
        assert words not in page
