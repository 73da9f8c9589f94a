"""What stays of the posts of somebody who left: nothing."""

from fedchapter.federation.fetch import fetch_actor
from fedchapter.objects.follow import service
from tests.support.network import World


async def test_the_text_and_versions_of_a_deleted_actors_posts_are_erased(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    actor = await chapter.run(fetch_actor(chapter.house, ada.uri))
    await chapter.unit(lambda unit: service.ask(unit, chapter.uri, actor))
    await chapter.settle()
    [follow] = ada.received
    await ada.tell(chapter, ada.activity("Accept", follow))
    assert (await ada.tell(chapter, ada.create(ada.note("<p>remember these words</p>"))))[0] == "done"
    assert await chapter.count("announcement", "local = false") == 1
    ada.put(ada.uri, {"error": "gone"}, status=410)
    await ada.tell(chapter, ada.activity("Delete", ada.uri))
    await chapter.settle()
    rows = await chapter.rows("SELECT * FROM announcement WHERE local = false")
    assert "remember these words" not in str(rows)
    assert await chapter.count("known_object", "html LIKE '%remember%'") == 0
