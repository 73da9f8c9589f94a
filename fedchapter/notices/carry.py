"""Carrying letters: one after another over one connection, each claimed before and dropped after it left.

Memory holds one letter at a time. A run carries a hundred and plans the next, so that a sign-in link that somebody
waits for does not stand behind five thousand letters.
"""

from collections.abc import Sequence
from typing import Any

import structlog

from ..house import House
from ..house.letters import sender_name
from ..jobs import outside_job
from ..mail import Letter, Post, to_message
from ..mail.post import LetterDelayed, LetterRefused, mail_host, sender_of
from ..members import find_account
from ..store import Unit
from ..words import speaking
from .errands import (
    CARRY,
    DIGEST,
    MAIL,
    Errand,
    claim_digest,
    claim_letter,
    drop,
    plan_rest,
    put_off,
)
from .letters import Frame, digest_letter, one_letter
from .sentences import find_told
from .wishes import find_manner

log = structlog.get_logger()
RUN = 100
# The mail server has trouble: the rest waits.
DELAYS_MAX = 3


@outside_job(CARRY[MAIL])
async def carry_letters(house: House, _payload: dict[str, Any]) -> None:
    """Letters that are due have left, at most a hundred; the rest is planned."""
    await _run(house, MAIL)


@outside_job(CARRY[DIGEST])
async def carry_digests(house: House, _payload: dict[str, Any]) -> None:
    """Digests that are due have left, at most a hundred; the rest is planned."""
    await _run(house, DIGEST)


async def _run(house: House, channel: str) -> None:
    frame = await Frame.read(house.database, await house.database.language())
    delays = 0
    async with Post(house.settings) as post:
        for _ in range(RUN):
            async with house.database.unit() as unit:
                claimed = await _claim(unit, channel)
            if not claimed:
                break
            delays += await _carry(house, frame, post, channel, claimed)
            if delays >= DELAYS_MAX:
                break
    async with house.database.unit() as unit:
        await plan_rest(unit, channel)


async def _claim(unit: Unit, channel: str) -> list[Errand]:
    if channel == DIGEST:
        return await claim_digest(unit)
    one = await claim_letter(unit)
    return [one] if one else []


async def _carry(house: House, frame: Frame, post: Post, channel: str, errands: Sequence[Errand]) -> int:
    """The letter for those errands has left, or is not needed; returns 1 when it has to wait, else 0."""
    letter = await _compose(house, frame, channel, errands)
    if letter is not None:
        try:
            await _send(house, post, letter, errands[0].id)
        except LetterRefused as error:
            log.warning("notice-refused", errand=errands[0].id, error=str(error))
        except LetterDelayed as error:
            await _put_off(house, errands, str(error))
            return 1
    async with house.database.unit() as unit:
        await drop(unit, errands)
    return 0


async def _put_off(house: House, errands: Sequence[Errand], error: str) -> None:
    async with house.database.unit() as unit:
        again = await put_off(unit, errands)
    log.warning("notice-delayed" if again else "notice-given-up", errand=errands[0].id, error=error)


async def _compose(house: House, frame: Frame, channel: str, errands: Sequence[Errand]) -> Letter | None:
    account = await find_account(house.database, errands[0].account_id)
    if account is None or not account.email:
        return None
    notices = await find_told(house.database, account.id, [one.notice_id for one in errands])
    zone = (await find_manner(house.database, account.id)).zone
    with speaking(account.language or frame.language):
        if channel == MAIL:
            return one_letter(house, frame, account, notices[0], zone) if notices else None
        fresh = [one for one in notices if one.seen_at is None]
        return digest_letter(house, frame, account, fresh, zone) if fresh else None


async def _send(house: House, post: Post, letter: Letter, name: str) -> None:
    message = to_message(
        letter,
        sender=sender_of(house.settings),
        sender_name=await sender_name(house.database, house.settings.chapter_uri),
        message_id=name,
        host=mail_host(house.settings),
        sent_at=house.clock.now(),
    )
    await post.send(message, name)


JOBS = (carry_letters, carry_digests)
