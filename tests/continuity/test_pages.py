"""The pages about how a chapter is kept: health for admins, who holds what for members, what was lost for everybody."""

from datetime import timedelta

import pytest

from fedchapter.continuity import doctor
from fedchapter.continuity.doctor import run
from fedchapter.continuity.nightly import JOB, begin, next_night
from fedchapter.continuity.passphrase import keep_passphrase
from fedchapter.continuity.rows import declare_gap
from fedchapter.members import Role
from tests.continuity.conftest import PASSPHRASE
from tests.support.chapter import Chapter
from tests.support.network import World


@pytest.fixture(autouse=True)
def nothing_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """What needs a real name and a real mail server is tried in test_doctor."""
    assert doctor.examine is run.examine
    monkeypatch.setattr(run, "OUTSIDE", ())


async def count_told(chapter: Chapter, about: str) -> int:
    """How many people were told of that, and how often each."""
    return await chapter.count("told JOIN notice ON notice.id = told.notice_id", "key LIKE ?", f"{about}:%")


async def test_the_health_page_says_what_to_do_and_makes_a_backup(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    page = (await admin.get("/admin/health")).text
    assert "There is no passphrase for backups" in page
    assert "Something does not work" in page
    tried = await admin.post("/admin/health/backup")
    assert "No backup was made" in (await admin.get(tried.headers["location"])).text
    keep_passphrase(chapter.settings, PASSPHRASE)
    done = await admin.post("/admin/health/backup")
    page = (await admin.get(done.headers["location"])).text
    assert "was opened again" in page
    assert len(list((chapter.settings.data / "backups").iterdir())) == 1


async def test_the_overview_says_when_backups_are_missing(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    assert "There is no passphrase for backups" in (await admin.get("/admin")).text


async def test_every_night_has_its_backup_at_three_where_the_chapter_is(world: World) -> None:
    chapter = await world.chapter()
    keep_passphrase(chapter.settings, PASSPHRASE)
    await chapter.run(begin(chapter.house))
    await chapter.run(begin(chapter.house))
    assert await chapter.count("job", f"name = '{JOB}'") == 1
    folder = chapter.settings.data / "backups"
    for night in (1, 2, 3):
        world.move(days=1)
        await chapter.settle()
        assert len(list(folder.iterdir())) == night
    local = next_night(world.clock.now(), "America/New_York", chapter.host)
    assert timedelta() < local - world.clock.now() <= timedelta(days=1)


async def test_a_night_without_a_backup_is_told_to_admins(world: World) -> None:
    chapter = await world.chapter()
    await chapter.signed_in(Role.ADMIN)
    await chapter.signed_in(Role.MEMBER)
    await chapter.run(begin(chapter.house))
    world.move(days=1)
    await chapter.settle()
    assert await count_told(chapter, "backup-failed") == 1


async def test_members_read_who_holds_what_and_hear_of_changes(world: World) -> None:
    chapter = await world.chapter()
    admin, member = await chapter.signed_in(Role.ADMIN), await chapter.signed_in(Role.MEMBER)
    assert "nobody is named" in (await member.get("/about/holders")).text
    assert (await member.get("/about/holders/edit")).status_code == 403
    held = {
        "domain-who": "Ines",
        "server-who": "Ines ",
        "domain-since": "2027-05-01",
        "domain-about": "Gandi",
    }
    saved = await admin.post("/about/holders", data=held)
    assert saved.status_code == 303
    page = (await member.get("/about/holders")).text
    assert "Gandi" in page
    assert "held by the same person" in page
    await chapter.settle()
    assert await count_told(chapter, "holders") == 1
    again = await admin.post("/about/holders", data=held)
    assert "Nothing was changed" in (await admin.get(again.headers["location"])).text


async def test_a_wrong_day_keeps_what_was_typed(world: World) -> None:
    chapter = await world.chapter()
    admin = await chapter.signed_in(Role.ADMIN)
    refused = await admin.post("/about/holders", data={"domain-who": "Ines M.", "domain-since": "May"})
    assert refused.status_code == 400
    assert "Write the day like" in refused.text
    assert "Ines M." in refused.text


async def test_what_was_lost_is_told_once_and_stays_on_the_page(world: World) -> None:
    chapter = await world.chapter()
    member = await chapter.signed_in(Role.MEMBER)
    lost_from_at = world.clock.now() - timedelta(hours=5)
    await chapter.unit(lambda unit: declare_gap(unit, lost_from_at, 3))
    for _ in range(2):
        await chapter.run(begin(chapter.house))
        await chapter.settle()
    assert await count_told(chapter, "gap") == 1
    assert "is lost here" in (await member.get("/")).text
    world.move(days=90)
    back = await chapter.signed_in(Role.MEMBER)
    assert "is lost here" not in (await back.get("/")).text
    assert "not known here" in (await back.get("/about/holders")).text
