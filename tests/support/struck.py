"""A member who was warned and objected, and something that waits for a second moderator: what the pages show."""

from fedchapter.cli.demo.stage import Chapter
from fedchapter.members import Permission, Role, create_account, find_holders
from fedchapter.moderation.actions import ACTIONS
from fedchapter.moderation.appeals import appeal
from fedchapter.moderation.asking import Question, ask
from fedchapter.moderation.audit import Judge
from fedchapter.moderation.seconds import SISTER
from fedchapter.store import Unit


async def strike_somebody(chapter: Chapter, account_id: str) -> list[str]:
    """The member objects to a warning by a moderator, who also wants to suspend a sister; returns the staff's pages."""

    async def work(unit: Unit) -> list[str]:
        [*holders] = await find_holders(unit, [Role.MODERATOR], unit.now)
        other = holders[0] if holders else (await _moderator(unit))
        judge = Judge(other, "Names of strangers in a comment")
        # Two, because the member is on the roll of an open vote.
        both = Judge(other, judge.reason, second=chapter.admin.id)
        await ACTIONS["warn-member"].run(unit, chapter.house, account_id, both, {})
        [row] = await unit.rows("SELECT id FROM strike WHERE account_id = ?", account_id)
        appeal_id = await appeal(unit, row["id"], account_id, "They had written their names themselves.")
        action = ACTIONS["suspend-host"]
        asked = Question(action.name, action.words, "hillside.example", {}, Permission.HOSTS, SISTER)
        await ask(unit, asked, judge)
        return [f"/admin/appeals/{appeal_id}", f"/admin/conduct/{account_id}"]

    return await chapter.unit(work)


async def _moderator(unit: Unit) -> str:
    return (await create_account(unit, display_name="Mia Moderator", role=Role.MODERATOR)).id
