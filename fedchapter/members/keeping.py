"""How long what is known about people here is kept; what is a member's own goes with them (members.personal)."""

from datetime import datetime

from ..store import Unit
from ..store.retention import Kept, Step, erase_by_id, erase_some
from ..words import mark
from .applications import KEPT_FOR as APPLICATIONS_KEPT_FOR

INVITATION_DAYS = 30
NAMES_ACTORS = ("identity.actor_uri", "application.actor_uri")


async def erase_sessions(unit: Unit, before: datetime, after: str) -> Step:
    """Who is not signed in any more stands nowhere."""
    return await erase_some(unit, "session", "ends_at <= ?", unit.now)


async def erase_tickets(unit: Unit, before: datetime, after: str) -> Step:
    """Links and codes whose time is over are gone."""
    return await erase_some(unit, "ticket", "ends_at <= ?", unit.now)


async def erase_applications(unit: Unit, before: datetime, after: str) -> Step:
    """What people wrote who asked to join, decided before then, is gone."""
    condition = "state = ? AND COALESCE(decided_at, created_at) < ?"
    approved = await erase_some(unit, "application", condition, "approved", before)
    refused = await erase_some(unit, "application", condition, "refused", before)
    return Step(approved.erased + refused.erased, approved.after or refused.after)


async def erase_invitations(unit: Unit, before: datetime, after: str) -> Step:
    """Invitations that ended before then, used or not, are gone."""
    return await erase_by_id(unit, "invitation", "ends_at < ?", (before,), after)


KEPT = (
    Kept(
        "members",
        mark("Members: name, contact, standing, details, skills"),
        mark("So that the chapter knows who decides in it."),
        ("account", "detail", "skill"),
        until=mark("as long as somebody is a member; erased 30 days after they left"),
    ),
    Kept(
        "ways-in",
        mark("How members sign in: fediverse accounts, second steps, recovery codes"),
        mark("So that nobody else signs in as them."),
        ("identity", "authenticator", "recovery_code"),
        until=mark("until the member removes them"),
    ),
    Kept(
        "sessions",
        mark("Where members are signed in"),
        mark("So that they stay signed in, and can end it elsewhere."),
        ("session",),
        erase_sessions,
        until=mark("30 days after the last time"),
    ),
    Kept(
        "tickets",
        mark("Links and codes on their way"),
        mark("Each works once and soon."),
        ("ticket",),
        erase_tickets,
        until=mark("until their time is over"),
    ),
    Kept(
        "applications",
        mark("What people wrote who asked to join"),
        mark("To decide; and to answer if they ask again."),
        ("application",),
        erase_applications,
        days=APPLICATIONS_KEPT_FOR.days,
    ),
    Kept(
        "invitations",
        mark("Invitations that were used or ended"),
        mark("So that it can be asked who invited whom."),
        ("invitation",),
        erase_invitations,
        days=INVITATION_DAYS,
    ),
    Kept(
        "offices",
        mark("Roles, removals, recalls and copies taken of the roll"),
        mark("The record of who was trusted with what. Without names of those who left."),
        ("office", "removal", "recall", "recall_voice", "recall_ballot", "roll_export"),
        until=mark("for good; who supported or voted in a recall until it is over"),
    ),
    Kept(
        "groups",
        mark("Groups, who belongs to them, and their notes"),
        mark("So that they can work."),
        ("chapter_group", "group_member", "group_note"),
        until=mark("until a member leaves the group, or the group is closed"),
    ),
)
