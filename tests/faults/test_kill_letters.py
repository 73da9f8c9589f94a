"""kill -9 of a real server between two letters: every member gets the notice once, by a real mail server."""

import asyncio
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from fedchapter.members import create_account
from fedchapter.notices import tell
from fedchapter.store import Unit
from tests.faults.real import real_chapter
from tests.faults.sink import open_sink
from tests.mail.conftest import MailServer
from tests.notices.people import notice

pytestmark = pytest.mark.timeout(400)
MEMBERS = 30
BEFORE = 12


class Slow(MailServer):
    """Takes some letters, then holds the next until told to go on, and does not take that one."""

    def __init__(self) -> None:
        super().__init__()
        self.holds = True
        self.reached, self.go_on, self.all_came = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """One letter."""
        if self.holds and len(self.letters) == BEFORE:
            self.reached.set()
            await self.go_on.wait()
            return "451 Not now"
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.letters) == MEMBERS:
            self.all_came.set()
        return answer


async def tell_all(unit: Unit) -> None:
    for number in range(MEMBERS):
        await create_account(unit, display_name=f"Member {number}", email=f"member{number}@mail.example")
    await tell(unit, notice())


async def time_passes(unit: Unit) -> None:
    """What the killed process had claimed is due again."""
    await unit.execute("UPDATE errand SET due_at = ?", unit.now)
    await unit.execute("UPDATE job SET due_at = ? WHERE state = 'due' AND name = 'carry-letters'", unit.now)


async def test_letters_of_a_killed_server_reach_everybody_once(database_url: str, tmp_path: Path) -> None:
    mail_server = Slow()
    await mail_server.start()
    async with open_sink(1) as sink:
        smtp = f"smtp://127.0.0.1:{mail_server.port}"
        real = await real_chapter(tmp_path, database_url, sink, smtp=smtp)
        await real.unit(tell_all)
        async with real.process("serve") as server:
            await asyncio.wait_for(mail_server.reached.wait(), 60)
            await server.kill()
        mail_server.holds = False
        mail_server.go_on.set()
        [left] = await real.rows("SELECT count(*) AS total FROM errand")
        assert left["total"] == MEMBERS - BEFORE
        await real.unit(time_passes)
        async with real.process("serve") as server:
            await asyncio.wait_for(mail_server.all_came.wait(), 60)
            assert await server.stop() == 0
        [left] = await real.rows("SELECT count(*) AS total FROM errand")
    await mail_server.stop()
    assert left["total"] == 0
    assert len({str(letter["To"]) for letter in mail_server.letters}) == len(mail_server.letters) == MEMBERS
