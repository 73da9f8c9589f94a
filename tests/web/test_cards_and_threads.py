"""Cards and threads made from known objects: what is shown, in which order, and to whom."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from fedchapter.members import Permission, Role
from fedchapter.store import Known, Unit, know
from fedchapter.store.kinds import find_where
from fedchapter.web.cards import cards, full_item
from fedchapter.web.thread import thread
from tests.support.network import Chapter, World

ROOT = "https://riverside.test/announcements/1"
ADA = "https://elsewhere.test/users/ada"


def reply(name: str, to: str, minutes: int, chapter: Chapter, **columns: object) -> Known:
    at = chapter.clock.now() + timedelta(minutes=minutes)
    values = {"html": f"<p>{name}</p>", "reply_to_uri": to, "root_uri": ROOT} | columns
    return Known(f"https://elsewhere.test/{name}", "comment", name, ADA, at, **values)  # type: ignore[arg-type]


async def store(chapter: Chapter, *known: Known) -> None:
    async def write(unit: Unit) -> None:
        for one in known:
            await know(unit, one)

    await chapter.unit(write)


def at(name: str) -> str:
    return f"https://elsewhere.test/{name}"


async def shown(chapter: Chapter, role: Role | None = None) -> list[tuple[str, int]]:
    nodes = await chapter.run(
        thread(chapter.house.database, ROOT, sees_held=role is not None and Permission.MODERATE.allows(role))
    )
    return [(node["id"], depth) for node, depth in nodes]


async def test_a_thread_is_flat_in_reading_order(each_world: World) -> None:
    chapter = await each_world.chapter()
    await store(
        chapter,
        reply("b", ROOT, 2, chapter),
        reply("a", ROOT, 1, chapter),
        reply("a2", at("a"), 5, chapter),
        reply("a1", at("a"), 3, chapter),
        reply("a11", at("a1"), 6, chapter),
    )
    assert await shown(chapter) == [("a", 0), ("a1", 1), ("a11", 2), ("a2", 1), ("b", 0)]


async def test_what_is_held_or_private_is_in_no_thread(world: World) -> None:
    chapter = await world.chapter()
    await store(
        chapter,
        reply("open", ROOT, 1, chapter),
        reply("waits", ROOT, 2, chapter, state="held"),
        reply("hidden", ROOT, 3, chapter, state="hidden"),
        reply("gone", ROOT, 4, chapter, state="gone"),
        reply("whispered", ROOT, 5, chapter, visibility="followers"),
        reply("under", at("waits"), 6, chapter),
    )
    assert await shown(chapter) == [("open", 0), ("under", 0)]
    assert await shown(chapter, Role.MEMBER) == [("open", 0), ("under", 0)]
    assert await shown(chapter, Role.MODERATOR) == [("open", 0), ("waits", 0), ("under", 1)]


async def test_a_thread_a_thousand_deep_is_cut_and_does_not_recurse(world: World) -> None:
    chapter = await world.chapter()
    deep = [reply("r0", ROOT, 0, chapter)]
    deep += [reply(f"r{index}", at(f"r{index - 1}"), index, chapter) for index in range(1, 1000)]
    await store(chapter, *deep)
    assert (await shown(chapter))[-1] == ("r499", 499)


async def test_cards_have_their_authors_and_their_own_page(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    now = chapter.clock.now()
    await store(
        chapter,
        Known(ROOT, "announcement", "1", chapter.uri, now, local=True, html="<p>Hello</p>", note="spoilers"),
        Known(
            f"{ada.uri}/2", "announcement", "2", ada.uri, now, title="Long", html=f"<p>{'word ' * 500}</p>"
        ),
        Known(f"{ada.uri}/3", "event", "3", ada.uri, now, title="Walk", note="Sunday, the park"),
    )
    database, kinds = chapter.house.database, chapter.house.kinds
    known = await chapter.run(find_where(database, "kind <> 'follow' ORDER BY ref"))
    ours, long, walk = await chapter.run(cards(database, known, kinds=kinds, zone=ZoneInfo("UTC")))
    assert (ours["url"], ours["author"]["url"]) == ("/announcements/1", "/@riverside")
    assert (ours["warning"], ours["uri"], ours["excerpt"]) == ("spoilers", None, None)
    assert (long["url"], long["kind"], long["author"]["handle"]) == (
        "/posts/2",
        "article",
        "@ada@elsewhere.test",
    )
    assert long["excerpt"] and len(long["excerpt"]) <= 421
    assert (walk["url"], walk["excerpt"], walk["warning"]) == ("/events/3", "Sunday, the park", None)
    whole = await chapter.run(full_item(database, known[1], kinds=kinds))
    assert whole["excerpt"] is None
    assert "word word" in whole["content"]


async def test_the_thread_template_renders_for_everybody(world: World) -> None:
    chapter = await world.chapter()
    await store(chapter, reply("a", ROOT, 1, chapter), reply("b", ROOT, 2, chapter, state="held"))
    nodes = await chapter.run(thread(chapter.house.database, ROOT, sees_held=True))
    templates = chapter.instance.state.templates
    frame = {"thread": nodes, "root_uri": ROOT, "zone": ZoneInfo("UTC"), "chapter": {"name": "Riverside"}}
    signed_in = templates.page("thread.html", frame | {"viewer": {"publishes": True, "handle": ""}})
    assert 'action="/comments"' in signed_in
    assert "1 comment<" in signed_in
    outside = templates.page("thread.html", frame | {"viewer": None})
    assert 'action="/comments"' not in outside
    assert "/follow?uri=https%3A//riverside.test/announcements/1" in outside
