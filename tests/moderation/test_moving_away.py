"""What was decided about somebody goes along when they move: a new account is no way around it."""

import pytest

from fedchapter.policy import find_marking
from tests.moderation.acting import newest, somebody
from tests.support.network import World
from tests.support.threads import announced, known


@pytest.mark.parametrize("action", ["hold-actor", "limit-actor"])
async def test_who_is_on_hold_waits_after_moving_though_our_follow_goes_along(
    world: World, action: str
) -> None:
    chapter, old = await world.chapter(), world.stranger("old")
    new = world.stranger("new", "new.test")
    new.put(new.uri, new.document(alsoKnownAs=[old.uri]))
    root = await announced(chapter)
    await old.tell(chapter, old.activity("Follow", chapter.uri))
    await chapter.unit(
        lambda unit: unit.execute(
            "INSERT INTO follow (id, uri, follower_uri, followed_uri, state, created_at) "
            "VALUES (?, ?, ?, ?, 'accepted', ?)",
            *(unit.new_id(), f"{chapter.uri}/follows/1", chapter.uri, old.uri, unit.now),
        )
    )
    mia = await somebody(chapter, "Mia")
    await mia.act(action, old.uri, "shouts at everybody")
    assert (await old.tell(chapter, old.activity("Move", old.uri, target=new.uri)))[0] == "done"
    await chapter.settle()
    reads = chapter.house.database
    before = await chapter.run(find_marking(reads, scope="actor", subject=old.uri))
    after = await chapter.run(find_marking(reads, scope="actor", subject=new.uri))
    assert before is not None and after is not None
    assert (after.decision, after.reason) == (before.decision, before.reason)
    line = await newest(chapter)
    assert (line["target_uri"], line["made_by"], line["rule"]) == (new.uri, "", "moved")
    if action == "hold-actor":
        await chapter.unit(lambda unit: unit.execute("UPDATE follow SET state = 'accepted'"))
        note = new.note("<p>here I am again</p>", reply_to=root)
        await new.tell(chapter, new.create(note))
        assert (await known(chapter, str(note["id"]))).state == "held"
    await mia.undo(line["id"])
    assert await chapter.run(find_marking(reads, scope="actor", subject=new.uri)) is None
