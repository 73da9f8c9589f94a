"""Deciding about a server: what it cuts is shown first, two who decide at once, reasons for everybody, an end."""

from fedchapter.members import Role
from fedchapter.policy import find_marking
from fedchapter.policy.marks import Marking
from tests.support.network import Chapter, World

HOST = "elsewhere.test"


async def marking(chapter: Chapter, host: str = HOST) -> Marking | None:
    return await chapter.run(find_marking(chapter.house.database, scope="host", subject=host))


async def test_what_a_suspension_cuts_is_shown_before_it_happens(each_world: World) -> None:
    chapter, ada = await each_world.chapter(), each_world.stranger()
    await ada.tell(chapter, ada.activity("Follow", chapter.uri))
    staff = await chapter.signed_in(Role.MODERATOR)
    form = {
        "host": HOST,
        "decision": "refuse",
        "reason": "spam",
        "public_reason": "Spam",
        "obfuscate": "yes",
        "days": "7",
    }
    asked = await staff.post("/admin/peers", data=form)
    assert (asked.status_code, "1 account there follows us." in asked.text) == (200, True)
    assert 'value="Spam"' in asked.text, "what was typed goes along"
    assert await marking(chapter) is None, "nothing has happened"
    done = await staff.post("/admin/peers", data=form | {"confirmed": "yes"})
    assert done.headers["location"] == f"/admin/peers/{HOST}"
    found = await marking(chapter)
    assert found is not None and (found.decision, found.public_reason, found.obfuscate) == (
        "refuse",
        "Spam",
        True,
    )
    assert found.expires_at is not None
    assert await chapter.count("follow", "state = 'paused'") == 1
    page = (await staff.get(f"/admin/peers/{HOST}")).text
    assert "suspended" in page and "For everybody: Spam" in page
    assert await chapter.count("decision", "what = 'suspend-host'") == 1
    await staff.post("/admin/peers", data={"host": HOST, "decision": "lift"})
    await chapter.settle()
    assert await chapter.count("follow", "state = 'accepted'") == 1


async def test_the_flags_stand_by_themselves_and_the_page_keeps_them(world: World) -> None:
    chapter = await world.chapter()
    staff = await chapter.signed_in(Role.MODERATOR)
    form = {
        "host": HOST,
        "decision": "none",
        "reject_media": "yes",
        "reject_reports": "yes",
        "reason": "gore",
    }
    assert (await staff.post("/admin/peers", data=form)).status_code == 303
    found = await marking(chapter)
    assert found is not None and (found.decision, found.reject_media, found.reject_reports) == (
        "",
        True,
        True,
    )
    assert chapter.house.marks.rejects_media(HOST) and chapter.house.marks.decision(HOST) is None
    assert (await staff.get(f"/admin/peers/{HOST}")).text.count("checked") >= 3
    wrong = await staff.post("/admin/peers", data=form | {"days": "soon", "host": "other.test"})
    assert (wrong.status_code, "Give the days as a number" in wrong.text) == (400, True)


async def test_who_looks_at_an_older_decision_does_not_overrule_a_newer_one(each_world: World) -> None:
    chapter = await each_world.chapter()
    mia, noor = await chapter.signed_in(Role.MODERATOR), await chapter.signed_in(Role.MODERATOR)
    form = {"host": HOST, "decision": "hold", "reason": "spam", "seen": "never"}
    assert (await mia.post("/admin/peers", data=form)).status_code == 303
    late = await noor.post("/admin/peers", data=form | {"decision": "approved"})
    assert (late.status_code, "Somebody else has decided" in late.text) == (400, True)
    same = await noor.post("/admin/peers", data={**form, "seen": ""})
    assert (same.status_code, "decided already" in same.text) == (400, True)
    found = await marking(chapter)
    assert found is not None and found.decision == "hold"
    assert await chapter.count("decision", "what LIKE '%-host'") == 1
