"""Sending letters: written in the unit of what they tell, sent by a job, once as far as the mail server allows.

After a crash between sending and noting it, the letter is sent again with the same Message-ID, so that it can be
recognised. (Here and not in `mail`, because a letter needs a job, a chapter and an account.)
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from ..actors import find_actor
from ..errors import Refusal
from ..jobs import outside_job, schedule
from ..mail import Letter, Post, drop_letter, find_letter, is_unsubscribed, keep_letter, to_message, token_for
from ..mail.post import AddressRefused, LetterRefused, mail_host, sender_of
from ..mail.subscribers import note_refused, note_taken
from ..members import AccountRow
from ..members.tickets import issue
from ..store import Unit
from ..store.choices import find_choice, find_language
from ..store.kinds import Reads
from ..words import say, speaking
from .house import House

log = structlog.get_logger()
JOB = "mail"
LINK = "link"
LINK_LASTS = timedelta(hours=1)


async def send_letter(unit: Unit, letter: Letter, *, subscriber_id: str = "") -> None:
    """The letter leaves once this unit has committed; it is dropped if its list or subscription was left before."""
    letter_id = await keep_letter(unit, letter, subscriber_id)
    await schedule(unit, JOB, {"letter_id": letter_id}, due_at=unit.now, key=f"{JOB}:{letter_id}")


async def send_sign_in_link(unit: Unit, account: AccountRow, wanted: str = "/") -> None:
    """A link that signs in, once and within the hour, is on its way to the account's address.

    It leads on to `wanted`. Raises Refusal when there is no address.
    """
    if not account.email:
        raise Refusal("no-email", "This account has no e-mail address. Give them the link in another way.")
    token = await issue(unit, LINK, {"wanted": wanted}, lasts=LINK_LASTS, account_id=account.id)
    with speaking(account.language or await find_language(unit, unit.settings)):
        name = await chapter_name(unit, unit.settings.chapter_uri)
        text = say(
            "Hello %(person)s,\n\nthis link signs you in at %(chapter)s:\n\n%(link)s\n\n"
            "It works once, within an hour. If you did not ask for it, do nothing: nothing changes without the link.",
            person=account.display_name,
            chapter=name,
            link=unit.settings.uri("sign-in", "link", token),
        )
        subject = say("Your link to sign in")
    await send_letter(unit, Letter(account.email, subject, text))


async def chapter_name(reads: Reads, uri: str) -> str:
    """What the chapter calls itself in a letter."""
    actor = await find_actor(reads, uri)
    shown = actor.display_name if actor else ""
    return "".join(sign for sign in shown if sign.isprintable()) or say("your chapter")


async def sender_name(reads: Reads, uri: str) -> str:
    """What stands before the address a letter comes from: nothing where mail is discreet, as on a locked screen."""
    return "" if await find_choice(reads, "discreet_mail") == "yes" else await chapter_name(reads, uri)


@outside_job(JOB)
async def mail(house: House, payload: dict[str, Any]) -> None:
    """One letter leaves."""
    letter_id = payload["letter_id"]
    found = await find_letter(house.database, letter_id)
    if found is None:
        return
    letter, written_at, subscriber_id = found
    note: Callable[[Unit, str], Awaitable[object]] | None = note_taken
    if not letter.list_id or not await is_unsubscribed(house.database, letter.to, letter.list_id):
        message = to_message(
            _with_way_out(house, letter),
            sender=sender_of(house.settings),
            sender_name=await sender_name(house.database, house.settings.chapter_uri),
            message_id=letter_id,
            host=mail_host(house.settings),
            sent_at=written_at,
        )
        try:
            await Post(house.settings).send(message, letter_id)
        except LetterRefused as error:
            log.warning("mail-refused", letter=letter_id, error=str(error))
            note = note_refused if isinstance(error, AddressRefused) else None
    async with house.database.unit() as unit:
        if subscriber_id and note is not None:
            await note(unit, subscriber_id)
        await drop_letter(unit, letter_id)


def _with_way_out(house: House, letter: Letter) -> Letter:
    if not letter.list_id or letter.unsubscribe_url:
        return letter
    token = token_for(house.secret, letter.to, letter.list_id)
    return replace(letter, unsubscribe_url=house.settings.uri("unsubscribe", token))


JOBS = (mail,)
