"""A proposal on its way, as the tests need it: published, opened, voted on by members and by accounts elsewhere."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import httpx
import msgspec

from fedchapter.members import Role, create_account, start_session
from fedchapter.objects.proposal import service
from fedchapter.objects.proposal.draft import ProposalDraft, VoteDraft
from fedchapter.objects.proposal.service.rows import ProposalRow, find_totals
from fedchapter.store import Unit
from fedchapter.tally import SIMPLE_MAJORITY, Rules
from tests.support.network import AS2, Chapter, Stranger

TEXT = "We rent the old depot for two years.\n\nThe rent is 900 a month."
_votes = count(1)


@dataclass
class Case:
    """One proposal of a chapter, with its members by name."""

    chapter: Chapter
    id: str
    members: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        return f"/proposals/{self.id}"

    @property
    def poll(self) -> str:
        return f"{self.chapter.settings.origin}{self.path}/poll"

    async def row(self) -> ProposalRow:
        found = await self.chapter.run(service.find_proposal(self.chapter.house.database, self.id))
        assert found is not None
        return found

    async def totals(self) -> tuple[tuple[int, int, int], tuple[int, int, int]]:
        """(yes, no, abstain) of members, and of accounts elsewhere."""
        found = await self.chapter.run(find_totals(self.chapter.house.database, self.id))
        members, others = found.members, found.others
        return (members.yes, members.no, members.abstain), (others.yes, others.no, others.abstain)

    async def join(self, *names: str) -> None:
        """People who are members from now on."""
        for name in names:
            made = await self.chapter.unit(
                lambda unit, name=name: create_account(unit, display_name=name, role=Role.MEMBER)
            )
            self.members[name] = made.id

    async def open(self, rules: Rules = SIMPLE_MAJORITY, hours: float = 24) -> None:
        closes_at = self.chapter.clock.now() + timedelta(hours=hours)
        await self.chapter.unit(lambda unit: service.open_vote(unit, self.id, VoteDraft(closes_at, rules)))

    async def cast(self, name: str, choice: str) -> None:
        await self.chapter.unit(lambda unit: service.cast(unit, self.id, self.members[name], choice))

    async def client(self, name: str) -> httpx.AsyncClient:
        """A browser in which that member is signed in."""
        token = await self.chapter.unit(lambda unit: start_session(unit, self.members[name], "test"))
        return self.chapter.client(token)


async def proposed(chapter: Chapter, *members: str, title: str = "Rent the old depot") -> Case:
    """A proposal under discussion in a chapter with those members."""

    async def write(unit: Unit) -> str:
        proposal_id = await service.create(unit, ProposalDraft(title, TEXT), "somebody")
        await service.publish(unit, proposal_id)
        return proposal_id

    case = Case(chapter, await chapter.unit(write))
    await case.join(*members)
    return case


def vote_of(voter: Stranger, poll: str, name: str, chapter: Chapter) -> dict[str, Any]:
    """A vote as Mastodon sends it: fragments as ids, `to` a string, no content, no published, no cc."""
    number = next(_votes)
    note = {
        "id": f"{voter.uri}#votes/{number}",
        "type": "Note",
        "name": name,
        "attributedTo": voter.uri,
        "to": chapter.uri,
        "inReplyTo": poll,
    }
    return {
        "@context": AS2,
        "id": f"{voter.uri}#votes/{number}/activity",
        "type": "Create",
        "actor": voter.uri,
        "to": chapter.uri,
        "object": note,
    }


async def answer(voter: Stranger, case: Case, name: str) -> tuple[str, str]:
    """The voter answers the poll, in the chapter's personal inbox; returns state and reason."""
    vote = vote_of(voter, case.poll, name, case.chapter)
    return await voter.tell(case.chapter, vote, inbox=f"{case.chapter.uri}/inbox")


async def sent(chapter: Chapter, verb: str, type_: str) -> list[dict[str, Any]]:
    """The objects of that type in activities of that verb that the chapter made, in order."""
    rows = await chapter.rows("SELECT body FROM outbox_item WHERE verb = ? ORDER BY id", verb)
    documents = [msgspec.json.decode(row["body"]) for row in rows]
    return [one["object"] for one in documents if one["object"]["type"] == type_]
