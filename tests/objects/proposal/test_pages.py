"""Proposals as people meet them: writing, opening with rules, voting, reading the result."""

import pytest
from httpx import AsyncClient

from fedchapter.members import Role
from fedchapter.objects.proposal.pages.voting import DEFAULTS
from tests.objects.proposal.votes import Case, proposed
from tests.support.network import Chapter, World


async def opened(chapter: Chapter, case: Case, moderator: AsyncClient, **rules: str) -> None:
    closes = chapter.clock.now().replace(hour=20, minute=0)
    form = {**DEFAULTS, "closes": f"{closes.year + (closes.month == 12)}-{closes.month % 12 + 1:02}-01T20:00"}
    answered = await moderator.post(f"{case.path}/open", data=form | rules)
    assert answered.status_code == 303, answered.text


async def test_a_moderator_writes_publishes_and_opens_and_a_member_votes(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in(Role.MODERATOR)
    sheet = {"title": "A bar in the depot", "text": "With tea.\r\n\r\nAnd soup.", "publish": "yes"}
    answered = await moderator.post("/proposals", data=sheet)
    assert answered.status_code == 303
    case = Case(chapter, answered.headers["location"].removeprefix("/proposals/"))
    await case.join("Bea")
    await opened(chapter, case, moderator)
    bea = await case.client("Bea")
    page = await bea.get(case.path)
    assert "An open ballot" in page.text
    assert "1/2 yes, of yes and no votes together" in page.text
    for choice in ("no", "yes"):
        answered = await bea.post(f"{case.path}/vote", data={"choice": choice})
        assert answered.headers["location"] == f"{case.path}#vote"
    page = await bea.get(case.path)
    assert 'value="yes" required checked' in page.text
    assert "Change my vote" in page.text
    world.move(days=70)
    await world.settle()
    page = await bea.get(case.path)
    assert "Result: Passed" in page.text
    assert "Count it again yourself" in page.text
    assert "Members cast 1 yes, 0 no and 0 abstain." in page.text
    listed = (await bea.get("/proposals")).text
    assert listed.index("Decided") < listed.index("A bar in the depot")


@pytest.mark.parametrize(
    ("how", "yes", "no", "outcome"),
    [("more", 2, 2, "Not passed"), ("least", 2, 2, "Passed"), ("more", 0, 0, "No quorum")],
)
async def test_strict_and_plain_thresholds_differ_at_the_edge_and_the_page_says_why(
    world: World, how: str, yes: int, no: int, outcome: str
) -> None:
    chapter = await world.chapter()
    names = [f"Member {number}" for number in range(4)]
    case = await proposed(chapter, *names)
    await opened(chapter, case, await chapter.signed_in(Role.MODERATOR), how=how)
    for name, choice in zip(names, ["yes"] * yes + ["no"] * no, strict=False):
        await case.cast(name, choice)
    world.move(days=70)
    await world.settle()
    async with chapter.client() as visitor:
        page = (await visitor.get(case.path)).text
    assert f"Result: {outcome}" in page
    told = {
        "Passed": "2 of 4 is exactly 1/2, which is enough.",
        "Not passed": "It is a tie, 2 to 2",
        "No quorum": "1 or more had to. Nothing is decided.",
    }
    assert told[outcome] in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"num": "3"}, "That is no share of a whole"),
        ({"num": "2", "how": "more"}, "More than all of them can never be reached"),
        ({"num": "0", "how": "least"}, "would pass without a vote"),
        ({"den": "0"}, "That is no share of a whole"),
        ({"num": "0.5"}, "Write a whole number"),
        ({"base": "loudest"}, "Choose what the share is taken of"),
        ({"closes": "2020-01-01T10:00"}, "at least five minutes"),
        ({"closes": "soon"}, "Give a date and a time"),
    ],
)
async def test_rules_that_make_no_sense_are_refused_beside_their_field(
    world: World, wrong: dict[str, str], said: str
) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter)
    moderator = await chapter.signed_in(Role.MODERATOR)
    form = {**DEFAULTS, "closes": "2099-01-01T10:00"} | wrong
    answered = await moderator.post(f"{case.path}/open", data=form)
    assert answered.status_code == 400
    assert said in answered.text
    assert (await case.row()).stage == "discussion"


async def test_an_empty_sheet_comes_back_with_what_was_typed(world: World) -> None:
    chapter = await world.chapter()
    moderator = await chapter.signed_in(Role.MODERATOR)
    answered = await moderator.post("/proposals", data={"title": " ", "text": "We <b>propose</b>"})
    assert answered.status_code == 400
    assert "We &lt;b&gt;propose&lt;/b&gt;" in answered.text
    assert "has a title" in answered.text


async def test_every_page_of_a_proposal_opens(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea")
    moderator = await chapter.signed_in(Role.MODERATOR)
    for path in ("/proposals", "/proposals/new", case.path, f"{case.path}/edit", f"{case.path}/open"):
        assert (await moderator.get(path)).status_code == 200, path
    await case.open()
    world.move(hours=25)
    await world.settle()
    for path in ("versions", "versions/1", "opening", "result"):
        assert (await moderator.get(f"{case.path}/{path}")).status_code == 200, path
    for path, place in (("poll", "vote"), ("outcome", "result")):
        answered = await moderator.get(f"{case.path}/{path}")
        assert answered.headers["location"] == f"{case.path}#{place}"
    assert (await moderator.get(f"{case.path}/versions/7")).status_code == 404


async def test_members_neither_write_nor_open_and_visitors_do_not_vote(world: World) -> None:
    chapter = await world.chapter()
    case = await proposed(chapter, "Bea")
    member = await chapter.signed_in(Role.MEMBER)
    for path in ("/proposals", f"{case.path}/open", f"{case.path}/withdraw", f"{case.path}/delete"):
        assert (await member.post(path, data={})).status_code == 403, path
    await case.open()
    async with chapter.client() as visitor:
        assert (await visitor.post(f"{case.path}/vote", data={"choice": "yes"})).status_code == 403
    assert (await case.totals())[0] == (0, 0, 0)
