"""What each member chose to be told, and how; rows are there only for those who chose something."""

from collections.abc import Mapping
from dataclasses import dataclass

from ..errors import Refusal
from ..members import AccountRow
from ..store import Unit
from ..store.choices import find_choice
from ..store.kinds import Reads
from ..text.zones import zone_names
from .channels import ALL_DIGESTS, DIGEST, LOCKED, NONE, Channels, checked, default_for
from .draft import KINDS
from .manner import EVERY, Manner, is_clock
from .readers import find_among, to_manner
from .replan import replan

_MANNER = "zone, quiet_from, quiet_to, paused_until, digest_every, digest_hour, digest_weekday"
_COLUMNS = "account_id, zone, quiet_from, quiet_to, paused_until, digest_every, digest_hour, digest_weekday"


@dataclass(frozen=True, slots=True)
class Wishes:
    """How one member hears of each kind, and when."""

    channels: Mapping[str, Channels]
    manner: Manner


async def find_manner(reads: Reads, account_id: str) -> Manner:
    """When they want to be told."""
    zone = await find_choice(reads, "timezone")
    row = await reads.row(f"SELECT {_MANNER} FROM notice_manner WHERE account_id = ?", account_id)
    return to_manner(row, zone) if row else Manner(zone)


async def find_wishes(reads: Reads, account: AccountRow) -> Wishes:
    """Everything they chose, or would be told without choosing."""
    rows = await reads.rows(
        "SELECT kind, page, mail, message FROM notice_wish WHERE account_id = ?", account.id
    )
    has_email = bool(account.email)
    channels = {kind: default_for(kind, has_email=has_email) for kind in KINDS}
    for row in rows:
        if row["kind"] in KINDS:
            chosen = Channels(bool(row["page"]), row["mail"], bool(row["message"]))
            channels[row["kind"]] = checked(row["kind"], chosen, has_email=has_email)
    return Wishes(channels, await find_manner(reads, account.id))


async def save_wishes(unit: Unit, account: AccountRow, wishes: Wishes) -> None:
    """They are told so from now on, and what waits for them waits as they want it; raises Refusal for a bad manner."""
    check_manner(wishes.manner)
    await unit.execute("DELETE FROM notice_wish WHERE account_id = ?", account.id)
    for kind, channels in wishes.channels.items():
        await _write(unit, account, kind, channels)
    await unit.execute("DELETE FROM notice_manner WHERE account_id = ?", account.id)
    manner = wishes.manner
    await unit.execute(
        f"INSERT INTO notice_manner ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        account.id,
        manner.zone,
        manner.quiet_from,
        manner.quiet_to,
        manner.paused_until,
        manner.digest_every,
        manner.digest_hour,
        manner.digest_weekday,
    )
    await replan(unit, account.id)


async def stop_mail(unit: Unit, account: AccountRow, kind: str) -> None:
    """No mail of that kind (or no digest) leaves for them any more, none that waits either; all else stays."""
    wishes = await find_wishes(unit, account)
    stopped = [
        one
        for one, channels in wishes.channels.items()
        if one == kind or (kind == ALL_DIGESTS and channels.mail == DIGEST)
    ]
    for one in stopped:
        channels = wishes.channels[one]
        await unit.execute("DELETE FROM notice_wish WHERE account_id = ? AND kind = ?", account.id, one)
        await _write(unit, account, one, Channels(channels.page, NONE, channels.message))
    await replan(unit, account.id)


async def _write(unit: Unit, account: AccountRow, kind: str, channels: Channels) -> None:
    if kind not in KINDS or kind in LOCKED:
        return
    kept = checked(kind, channels, has_email=bool(account.email))
    if kept == default_for(kind, has_email=bool(account.email)):
        return
    await unit.execute(
        "INSERT INTO notice_wish (id, account_id, kind, page, mail, message) VALUES (?, ?, ?, ?, ?, ?)",
        unit.new_id(),
        account.id,
        kind,
        kept.page,
        kept.mail,
        kept.message,
    )


def check_manner(manner: Manner) -> None:
    """Raises Refusal `zone`, `quiet` or `digest`."""
    if manner.zone and manner.zone not in zone_names():
        raise Refusal("zone", "Choose a time zone from the list.")
    quiet = (manner.quiet_from, manner.quiet_to)
    if any(quiet) and (not all(is_clock(one) for one in quiet) or quiet[0] == quiet[1]):
        raise Refusal("quiet", "Quiet hours have a beginning and an end, such as 22:00 and 07:00.")
    right_day = 0 <= manner.digest_hour <= 23 and 0 <= manner.digest_weekday <= 6
    if manner.digest_every not in EVERY or not right_day:
        raise Refusal("digest", "Choose when the digest comes.")


async def find_reach(reads: Reads, account_id: str) -> tuple[bool, bool]:
    """Whether they can be reached by e-mail, and by a direct message."""
    found = await find_among(reads, "account", [account_id])
    return (found[0].has_email, found[0].linked) if found else (False, False)
