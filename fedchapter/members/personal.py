"""Where this server knows something about a member, in one list: it is shown to them, exported, and erased by it.

DESIGN §1. Decision: the list names tables of other rooms too, because what is known about a person must be read in one
place; a test asks the models of every room whether the list is whole. What is kept after somebody has gone says
nothing about them: their account is a row without a name, and ballots have another pseudonym for each vote.
"""

import secrets
from dataclasses import dataclass

import msgspec

from ..store import Row, Unit
from ..store.kinds import Reads
from ..words import mark

ERASE, UNLINK, PSEUDONYM, KEEP = "erase", "unlink", "pseudonym", "keep"
SHOWN_MAX = 5_000
# What a row is about, from the row beside it.
NOTICE = "(SELECT text FROM notice WHERE notice.id = told.notice_id) AS text"
PROPOSAL = "(SELECT title FROM proposal WHERE proposal.id = ballot.proposal_id) AS about"
POLL = "(SELECT title FROM known_object WHERE kind = 'proposal' AND ref = poll_voter.proposal_id LIMIT 1) AS about"
EVENT = "(SELECT title FROM event WHERE event.id = answer.event_id) AS about"


@dataclass(frozen=True, slots=True)
class Part:
    """Rows of `table` whose `column` is the account. `show` are the columns its owner is shown.

    `then` is what becomes of them at erasing; with `at_once` they are deleted when the member leaves.
    """

    table: str
    column: str
    label: str
    show: tuple[str, ...] = ()
    then: str = ERASE
    at_once: bool = False


PARTS = (
    Part(
        "session",
        "account_id",
        mark("Where you are signed in"),
        ("device", "created_at", "seen_at"),
        at_once=True,
    ),
    Part(
        "identity",
        "account_id",
        mark("Fediverse accounts you sign in with"),
        ("handle", "linked_at"),
        at_once=True,
    ),
    Part("authenticator", "account_id", mark("Second steps"), ("kind", "label", "created_at"), at_once=True),
    Part("recovery_code", "account_id", mark("Recovery codes"), ("created_at",), at_once=True),
    Part("ticket", "account_id", mark("Open links"), ("purpose", "created_at", "ends_at"), at_once=True),
    Part("invitation", "account_id", mark("Links to sign in"), ("created_at", "ends_at", "used_at")),
    Part("invitation", "made_by", mark("Invitations you made"), ("note", "role", "created_at"), UNLINK),
    Part("invitation", "used_by", mark("The invitation you used"), ("note", "created_at", "used_at"), UNLINK),
    Part("application", "account_id", mark("How you asked to join"), ("answers", "message", "created_at")),
    Part("application", "decided_by", mark("Applications you decided"), ("state", "decided_at"), KEEP),
    Part(
        "detail",
        "account_id",
        mark("Legal name and phone"),
        ("legal_name", "phone", "skills_for", "changed_at"),
    ),
    Part("skill", "account_id", mark("Skills and interests"), ("sort", "words", "created_at")),
    Part("told", "account_id", mark("Notices"), (NOTICE, "created_at", "seen_at")),
    Part("notice", "made_by", mark("Notices about what you did"), ("text", "details", "created_at"), UNLINK),
    Part(
        "errand",
        "account_id",
        mark("Letters that wait to be sent to you"),
        ("channel", "due_at"),
        at_once=True,
    ),
    Part("notice_wish", "account_id", mark("What you want to hear of"), ("kind", "page", "mail", "message")),
    Part(
        "notice_manner",
        "account_id",
        mark("When you want letters"),
        ("zone", "quiet_from", "quiet_to", "paused_until"),
    ),
    Part("group_member", "account_id", mark("Your groups"), ("state", "asked_at", "joined_at"), at_once=True),
    Part("group_note", "account_id", mark("What you wrote to a group"), ("title", "created_at"), UNLINK),
    Part(
        "board_entry",
        "account_id",
        mark("Your needs and offers"),
        ("title", "text", "created_at", "expires_at"),
    ),
    Part(
        "board_answer", "account_id", mark("What you answered on the board"), ("text", "reply", "created_at")
    ),
    Part("answer", "account_id", mark("Answers to events"), (EVENT, "state", "message", "created_at")),
    Part("ballot", "account_id", mark("Ballots"), (PROPOSAL, "choice"), PSEUDONYM),
    Part("proposal", "made_by", mark("Proposals you wrote"), ("title", "stage", "created_at"), KEEP),
    Part("announcement", "account_id", mark("What you wrote for the chapter"), ("created_at",), UNLINK),
    Part("comment", "account_id", mark("Answers you wrote for the chapter"), ("created_at",), UNLINK),
    Part("message", "sent_by", mark("Messages you sent for the chapter"), ("created_at",), UNLINK),
    Part(
        "message_opened", "account_id", mark("Conversations you opened for the chapter"), ("opened_at",), KEEP
    ),
    Part("upload", "account_id", mark("Pictures you uploaded"), ("created_at",), UNLINK),
    Part("decision", "made_by", mark("What you decided as a moderator"), ("what", "reason", "made_at"), KEEP),
    Part(
        "decision",
        "agreed_by",
        mark("What you agreed to as a moderator"),
        ("what", "reason", "made_at"),
        KEEP,
    ),
    Part(
        "strike",
        "account_id",
        mark("What moderators decided about you"),
        ("sort", "reason", "about_uri", "made_at", "until_at"),
    ),
    Part("strike", "made_by", mark("What you decided about members"), ("sort", "made_at"), KEEP),
    Part(
        "report",
        "account_id",
        mark("What you reported"),
        ("category", "text", "state", "outcome", "made_at"),
        UNLINK,
    ),
    Part(
        "report_event",
        "account_id",
        mark("What you noted about reports"),
        ("what", "text", "made_at"),
        UNLINK,
    ),
    Part("appeal", "account_id", mark("Your appeals"), ("text", "state", "answer", "made_at")),
    Part("appeal", "decided_by", mark("Appeals you decided"), ("state", "decided_at"), KEEP),
    Part(
        "asked_action",
        "account_id",
        mark("What a second moderator was asked about you"),
        ("action", "asked_at"),
    ),
    Part(
        "asked_action",
        "asked_by",
        mark("What you asked a second moderator"),
        ("action", "reason", "asked_at"),
        KEEP,
    ),
    Part("asked_action", "decided_by", mark("What you decided as a second moderator"), ("state",), KEEP),
    Part("mark", "made_by", mark("Accounts and servers you judged"), ("decision", "created_at"), KEEP),
    Part("desk_claim", "account_id", mark("What you look at as a moderator"), ("claimed_at",)),
    Part("desk_note", "account_id", mark("What you noted as a moderator"), ("text", "made_at"), UNLINK),
    Part("desk_fine", "made_by", mark("Posts you found fine as a moderator"), ("made_at",), UNLINK),
    Part("private_text", "made_by", mark("Private information you took away"), ("made_at",), UNLINK),
    Part("host_list", "made_by", mark("Lists of servers you took up"), ("name", "made_at"), UNLINK),
    Part("policy_state", "storm_by", mark("The storm you called"), ("storm_from_at",), UNLINK),
    Part("office", "account_id", mark("Your roles"), ("role", "begins_at", "ends_at", "ended_at"), KEEP),
    Part("office", "given_by", mark("Roles you gave"), ("role", "begins_at"), KEEP),
    Part("office", "ended_by", mark("Roles you ended"), ("role", "ended_at"), KEEP),
    Part(
        "roll_export",
        "asked_by",
        mark("Copies of the roll you asked for"),
        ("reason", "state", "asked_at"),
        KEEP,
    ),
    Part(
        "roll_export", "decided_by", mark("Copies of the roll you agreed to"), ("reason", "decided_at"), KEEP
    ),
    Part("removal", "account_id", mark("Requests to end your role"), ("reason", "state", "asked_at"), KEEP),
    Part("removal", "asked_by", mark("Requests to end a role"), ("reason", "state", "asked_at"), KEEP),
    Part(
        "removal",
        "decided_by",
        mark("Requests to end a role that you decided"),
        ("state", "decided_at"),
        KEEP,
    ),
    Part("recall", "account_id", mark("Recalls about your role"), ("reason", "state", "asked_at"), KEEP),
    Part("recall", "successor_id", mark("Recalls that name you as successor"), ("state", "asked_at"), KEEP),
    Part("recall", "asked_by", mark("Recalls you asked for"), ("reason", "state", "asked_at"), KEEP),
    Part("recall_voice", "account_id", mark("Recalls you took part in"), ("part",), PSEUDONYM),
    Part("holder", "changed_by", mark("Notes on who holds what"), ("thing", "changed_at"), KEEP),
)


# Rows that name the member's public handle, not the account; all of them go with the handle (objects/person).
UNDER_HANDLE = (
    Part("person", "uri", mark("What you say about yourself in public"), ("source",)),
    Part(
        "known_object",
        "owner_uri",
        mark("What you wrote and did under your public handle"),
        ("kind", "html", "reply_to_uri", "published_at"),
    ),
    Part("answer", "actor_uri", mark("Your answers to events elsewhere"), (EVENT, "state", "created_at")),
    Part("reaction", "actor_uri", mark("What you support"), ("object_uri", "created_at")),
    Part("poll_voter", "actor_uri", mark("Polls of other chapters that you answered"), (POLL,)),
)
_HANDLE = (
    "(SELECT actor.uri FROM actor JOIN account ON account.handle = actor.username WHERE account.id = ? "
    "AND actor.local = true AND actor.type = 'Person')"
)


async def find_held(reads: Reads, account_id: str) -> list[tuple[Part, list[Row]]]:
    """Each part of which there is something, with its rows."""
    held = []
    for part, whose in [*((part, "?") for part in PARTS), *((part, _HANDLE) for part in UNDER_HANDLE)]:
        columns = ", ".join(part.show)
        rows = await reads.rows(
            f"SELECT {columns} FROM {part.table} WHERE {part.column} = {whose} LIMIT {SHOWN_MAX}", account_id
        )
        if rows:
            held.append((part, rows))
    return held


async def forget_at_leaving(unit: Unit, account_id: str) -> None:
    """Nothing opens the account any more: sessions, links and whatever one signs in with are erased."""
    for part in PARTS:
        if part.at_once:
            await _delete(unit, part, account_id)
    await unit.execute(
        "DELETE FROM invitation WHERE used_at IS NULL AND (made_by = ? OR account_id = ?)",
        account_id,
        account_id,
    )


async def erase_rows(unit: Unit, account_id: str) -> None:
    """Every part is erased, unlinked, under a pseudonym or kept, as the list says."""
    for part in PARTS:
        if part.then == ERASE:
            await _delete(unit, part, account_id)
        elif part.then == UNLINK:
            await _replace(unit, part, account_id, "")
        elif part.then == PSEUDONYM:
            await _rename(unit, part, account_id)


async def erase_notices(unit: Unit, account_id: str, name: str) -> None:
    """What only they were told is gone, and what others were told does not name them any more."""
    await unit.execute(
        "DELETE FROM notice WHERE everybody = false AND id IN (SELECT notice_id FROM told WHERE account_id = ?) "
        "AND NOT EXISTS (SELECT 1 FROM told AS other WHERE other.notice_id = notice.id AND other.account_id <> ?)",
        account_id,
        account_id,
    )
    told = msgspec.json.encode(name).decode()
    await unit.execute(
        "UPDATE notice SET details = replace(details, ?, ?) WHERE details LIKE ? ESCAPE '\\'",
        told,
        '"…"',
        f"%{escaped(told)}%",
    )


def escaped(text: str) -> str:
    """The text as LIKE finds it literally, with `ESCAPE '\\'`."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


async def _delete(unit: Unit, part: Part, account_id: str) -> None:
    await unit.execute(f"DELETE FROM {part.table} WHERE {part.column} = ?", account_id)


async def _replace(unit: Unit, part: Part, account_id: str, value: str) -> None:
    await unit.execute(
        f"UPDATE {part.table} SET {part.column} = ? WHERE {part.column} = ?", value, account_id
    )


async def _rename(unit: Unit, part: Part, account_id: str) -> None:
    # One for each row: two votes of the same person must not be told to be one person's.
    rows = await unit.rows(f"SELECT id FROM {part.table} WHERE {part.column} = ?", account_id)
    for row in rows:
        await unit.execute(
            f"UPDATE {part.table} SET {part.column} = ? WHERE id = ?",
            f"gone-{secrets.token_hex(10)}",
            row["id"],
        )
