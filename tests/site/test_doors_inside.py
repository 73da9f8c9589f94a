"""Row D7: the doors that ask once more inside (is it yours, do you lead this group?), with real things behind them.

The table is written by hand, as `who_may` is: for each page, who gets to see it. Everybody else is told no.
"""

from functools import partial

import httpx

from fedchapter.members import Role, give_role, start_session
from fedchapter.members.groups import GroupRow
from fedchapter.objects.announcement.draft import Draft
from fedchapter.objects.announcement.service import write
from fedchapter.objects.board.draft import EntryDraft
from fedchapter.objects.board.service import post
from fedchapter.objects.comment import service as comments
from fedchapter.objects.comment.draft import CommentDraft
from fedchapter.objects.proposal.draft import ProposalDraft
from fedchapter.objects.proposal.service import create
from tests.objects.event.made import publish
from tests.objects.group.made import enter, found, member
from tests.support.network import Chapter, World

PUBLISHING = {Role.ORGANIZER, Role.MODERATOR, Role.ADMIN}
LEADING_PEOPLE = {Role.ORGANIZER, Role.ADMIN}
NOBODY: set[Role] = set()
# The captain leads the harbour, and neither the quay nor the choir; the entry and the comment are another member's.
INSIDE: dict[str, set[Role]] = {
    "OURS/edit": PUBLISHING,
    "OURS/delete": PUBLISHING,
    "HARBOURS/edit": PUBLISHING | {Role.CAPTAIN},
    "HARBOURS/delete": PUBLISHING | {Role.CAPTAIN},
    "QUAYS/edit": PUBLISHING,
    "QUAYS/delete": PUBLISHING,
    "EVENT/edit": PUBLISHING,
    "EVENT/cancel": PUBLISHING,
    "EVENT/delete": PUBLISHING,
    "EVENT/answers": PUBLISHING,
    "QUAY_EVENT/edit": PUBLISHING,
    "QUAY_EVENT/answers": PUBLISHING,
    "PROPOSAL": PUBLISHING,
    "PROPOSAL/edit": PUBLISHING,
    "HARBOUR/edit": LEADING_PEOPLE | {Role.CAPTAIN},
    "HARBOUR/members": LEADING_PEOPLE | {Role.CAPTAIN},
    "HARBOUR/followers": PUBLISHING | {Role.CAPTAIN},
    "QUAY/edit": LEADING_PEOPLE,
    "QUAY/members": LEADING_PEOPLE,
    "QUAY/followers": PUBLISHING,
    "QUAY/notes/new": LEADING_PEOPLE,
    "CHOIR/edit": LEADING_PEOPLE,
    "CHOIR/members": LEADING_PEOPLE,
    "CHOIR/notes/new": LEADING_PEOPLE,
    "ENTRY/edit": NOBODY,
    "COMMENT/edit": PUBLISHING,
}


async def furnish(chapter: Chapter, harbour: GroupRow) -> dict[str, str]:
    """A real thing behind each door; returns the path that stands for each name in INSIDE."""
    quay, choir = await found(chapter, "quay"), await found(chapter, "choir", public=False)
    zuzana = (await member(chapter, "Zuzana")).id
    draft, proposal = (
        EntryDraft("need", "A lift", "To the clinic.", "rides"),
        ProposalDraft("Benches", "Three."),
    )
    ours, theirs = await publish(chapter), await publish(chapter, owner_uri=quay.actor_uri)
    said = [
        await chapter.unit(partial(write, draft=Draft("Hello.", author_uri=uri), account_id=zuzana))
        for uri in ("", harbour.actor_uri, quay.actor_uri)
    ]
    answer = CommentDraft(chapter.settings.uri("announcements", said[0]), "Well said.", account_id=zuzana)
    comment = await chapter.unit(lambda unit: comments.write(unit, answer))
    return {
        **dict(zip(("OURS", "HARBOURS", "QUAYS"), (f"/announcements/{one}" for one in said), strict=True)),
        "EVENT": f"/events/{ours.id}",
        "QUAY_EVENT": f"/events/{theirs.id}",
        "PROPOSAL": f"/proposals/{await chapter.unit(lambda unit: create(unit, proposal, zuzana))}",
        "ENTRY": f"/board/{await chapter.unit(lambda unit: post(unit, zuzana, draft))}",
        "COMMENT": f"/comments/{comment.ref}",
        "HARBOUR": "/groups/harbour",
        "QUAY": f"/groups/{quay.slug}",
        "CHOIR": f"/groups/{choir.slug}",
    }


async def client_for(chapter: Chapter, role: Role, harbour: GroupRow) -> httpx.AsyncClient:
    """Somebody with that role; a captain leads the harbour."""
    if role is not Role.CAPTAIN:
        return await chapter.signed_in(role)
    account = await member(chapter, "Cleo")
    await chapter.unit(lambda unit: give_role(unit, account.id, role, group_id=harbour.id))
    return await enter(chapter, account)


async def test_d7_inside_too_everybody_gets_what_the_table_says_and_no_more(world: World) -> None:
    chapter = await world.chapter()
    harbour = await found(chapter)
    things, wrong = await furnish(chapter, harbour), []
    for role in Role:
        client = await client_for(chapter, role, harbour)
        for page, allowed in INSIDE.items():
            name, slash, rest = page.partition("/")
            answer = await client.get(things[name] + slash + rest)
            wanted = {200} if role in allowed else {403, 404}
            if answer.status_code not in wanted:
                wrong.append(f"{page} as {role.value}: {answer.status_code}")
    assert wrong == []
    [row] = await chapter.rows("SELECT id FROM account WHERE display_name = 'Zuzana'")
    author = chapter.client(await chapter.unit(lambda unit: start_session(unit, row["id"], "test")))
    assert (await author.get(things["ENTRY"] + "/edit")).status_code == 200
