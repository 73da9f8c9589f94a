"""The mail server: whether it can be reached and takes our name and password. No letter is sent."""

import asyncio

import aiosmtplib

from ...house import House
from ...mail.post import Post
from ...words import mark
from .findings import Finding, fail, ok, warn


async def check_mail(house: House) -> Finding:
    """The mail server lets us in."""
    if not house.settings.smtp:
        return warn(
            mark("No mail server is set: letters stay in files on this machine."),
            mark("Set FEDCHAPTER_SMTP. Without it members get no links and no digests."),
        )
    try:
        async with asyncio.timeout(15):
            await Post(house.settings).greet()
    except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
        return fail(
            mark("The mail server does not let us in: %(reason)s."),
            mark("Look at the address, name and password in FEDCHAPTER_SMTP."),
            reason=str(error)[:200] or type(error).__name__,
        )
    return ok(mark("The mail server lets us in. `fedchapter doctor --mail ADDRESS` sends a letter."))
