"""Proposals: one adopted, one that failed, one that is being voted on, one under discussion in its second version."""

from collections.abc import Mapping
from functools import partial

from ...objects.proposal.draft import ProposalDraft, VoteDraft
from ...objects.proposal.service import cast, create, edit, get_proposal, open_vote, publish
from ...tally.rules import SIMPLE_MAJORITY, TWO_THIRDS, Rules
from .conversations import answer
from .diary import flow, on
from .stage import Chapter, Stage

MILL = flow("""\
The old mill is heated by a stove from 1987. We spend four hundred a winter on wood and are cold from October on.

We propose that the chapter

1. buys the used heat pump that the bakery gives away, for at most **900**,
2. asks three members to install it together with the electrician from Hillside,
3. keeps the stove for the open evenings, because everybody likes it.
""")
COOPERATIVE = flow("""\
Hillside, Harbor and we have roofs. Together they are larger than the one of the city hall.

We propose that Riverside

1. joins the founding of an **energy cooperative** of the three chapters,
2. brings in 2,000 from the festival of last year,
3. sends two people to its board, one of them new.

Nothing is bought before the cooperative has statutes that a members' meeting has read and accepted.
""")
QUIET = flow("""\
Deliveries to the market begin at four in the morning. We propose that the chapter asks the city for a start at six.
""")
LIBRARY = flow("""\
The tool library lends to whoever knocks. Lately more goes out than comes back.

We propose that

1. every tool has a card, and the card has a name on it,
2. what is late by two weeks is asked for, by a person, at the door,
3. nobody pays a fee.
""")
LIBRARY_AGAIN = LIBRARY.replace(
    "3. nobody pays a fee.",
    "3. nobody pays a fee,\n4. heavy machines go out with an introduction of ten minutes, and come back clean.",
)


async def propose(stage: Stage, chapter: Chapter, name: str, draft: ProposalDraft, by: str) -> None:
    """The proposal is up for discussion; its URI and id are kept under `name` and `name id`."""
    id_ = await chapter.unit(partial(create, draft=draft, made_by=chapter.people[by].id))
    await chapter.unit(partial(publish, proposal_id=id_))
    stage.kept[f"{name} id"] = id_
    stage.kept[name] = (await chapter.run(get_proposal(chapter.house.database, id_))).uri


async def call_vote(stage: Stage, chapter: Chapter, name: str, closes_on: int, rules: Rules) -> None:
    """The vote is open until the evening of that day."""
    draft = VoteDraft(stage.day(closes_on, 18), rules)
    await chapter.unit(partial(open_vote, proposal_id=stage.kept[f"{name} id"], draft=draft))


async def vote(stage: Stage, chapter: Chapter, name: str, ballots: Mapping[str, str]) -> None:
    """Those members vote like that."""
    for person, choice in ballots.items():
        account = chapter.people[person]
        work = partial(cast, proposal_id=stage.kept[f"{name} id"], account_id=account.id, choice=choice)
        await chapter.unit(work)


@on(day=-14, hour=10)
async def heat_pump(stage: Stage) -> None:
    """Riverside talks about the cold."""
    draft = ProposalDraft("A heat pump for the old mill", MILL)
    await propose(stage, stage.riverside, "mill", draft, "yusuf")


@on(day=-13, hour=20)
async def about_the_heat_pump(stage: Stage) -> None:
    """Hillside's electrician has an opinion."""
    text = "Jonas looked at it: the pump is fine, the fuse box is not. Count another 120 for that."
    await answer(stage, stage.hillside, "mill", text, by="noor")


@on(day=-11, hour=9)
async def heat_pump_vote(stage: Stage) -> None:
    """It is voted on; it will pass."""
    await call_vote(stage, stage.riverside, "mill", -6, SIMPLE_MAJORITY)
    ballots = {"ines": "yes", "tomas": "yes", "yusuf": "yes", "greta": "abstain", "sam": "no", "lena": "yes"}
    await vote(stage, stage.riverside, "mill", ballots)


@on(day=-11, hour=10)
async def quiet_mornings(stage: Stage) -> None:
    """Harbor's question, which needs two thirds and does not get them."""
    draft = ProposalDraft("Quiet until six at the market", QUIET)
    await propose(stage, stage.harbor, "quiet", draft, "hugo")
    await call_vote(stage, stage.harbor, "quiet", -8, TWO_THIRDS)
    await vote(stage, stage.harbor, "quiet", {"mara": "no", "ole": "no", "agnes": "yes", "hugo": "yes"})


@on(day=-5, hour=9)
async def cooperative(stage: Stage) -> None:
    """Riverside's large question."""
    draft = ProposalDraft("Riverside joins an energy cooperative of the three chapters", COOPERATIVE)
    await propose(stage, stage.riverside, "cooperative", draft, "ines")


@on(day=-4, hour=12)
async def about_the_cooperative(stage: Stage) -> None:
    """The others think aloud."""
    text = "We talk about the same text on Thursday. Our roof looks north; our balconies do not."
    await answer(stage, stage.hillside, "cooperative", text, by="piet")


@on(day=-2, hour=17)
async def cooperative_vote(stage: Stage) -> None:
    """The vote that is open now: members can still vote, and some have."""
    await call_vote(stage, stage.riverside, "cooperative", 5, TWO_THIRDS)
    await vote(stage, stage.riverside, "cooperative", {"ines": "yes", "lena": "yes", "sam": "no"})


@on(day=-4, hour=9)
async def tool_library(stage: Stage) -> None:
    """Hillside's proposal …"""
    draft = ProposalDraft("Cards for the tool library", LIBRARY)
    await propose(stage, stage.hillside, "library", draft, "carla")


@on(day=-3, hour=9)
async def about_the_library(stage: Stage) -> None:
    """… an answer to it …"""
    text = "Add the mixer. It came back with a garden in it."
    await answer(stage, stage.riverside, "library", text, by="tomas")


@on(day=-2, hour=11)
async def tool_library_again(stage: Stage) -> None:
    """… and its second version."""
    draft = ProposalDraft("Cards for the tool library", LIBRARY_AGAIN)
    await stage.hillside.unit(partial(edit, proposal_id=stage.kept["library id"], draft=draft))
