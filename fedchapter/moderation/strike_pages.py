"""What moderators decided about oneself, with the way to object; and the desk's page of one appeal.

Issue of moderation: members see "the moderators", never a name. The appeal's page shows who decided, because another
moderator looks at it.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import NotFound, Refusal
from ..house import Door, house_of
from ..members import Permission
from ..store import Row, Unit, find_known
from ..web import admin_tabs, flash, member_of, read_form, redirect, render
from ..web.cards import page_path
from ..words import mark
from .appeals import WITHIN, close_left, decide, find_appeal
from .appeals import appeal as object_to
from .audit import Judge
from .queue.about import who_decided
from .queue.pages import QUEUE
from .strikes import COUNTS_FOR, LIMIT, PAGE, POST, WARNING, counts, find_strike, find_strikes

APPEALS = "/admin/appeals"
SORTS = {
    WARNING: mark("A warning"),
    LIMIT: mark("A limit: you cannot write here for a time"),
    POST: mark("Something you wrote was hidden, or put behind a warning"),
}


async def own(request: Request) -> Response:
    """Everything that was decided about whoever is signed in."""
    return await _own_page(request)


async def _own_page(request: Request, error: str = "", typed: str = "", wrong_id: str = "") -> Response:
    house = house_of(request)
    rows = await find_strikes(house.database, member_of(request).account.id)
    return await render(
        request,
        "moderation/strikes.html",
        422 if error else 200,
        strikes=[await _strike(request, row) for row in rows],
        within=WITHIN.days,
        kept=COUNTS_FOR.days,
        error=error,
        typed=typed,
        wrong_id=wrong_id,
    )


async def _strike(request: Request, row: Row) -> dict[str, Any]:
    house = house_of(request)
    now = house.clock.now()
    post = await find_known(house.database, row["about_uri"])
    open_ = counts(row, now) and now <= row["made_at"] + WITHIN and row["appeal_id"] is None
    return {
        **row,
        "words": SORTS[row["sort"]],
        "counts": counts(row, now),
        "running": row["until_at"] is not None and row["undone_at"] is None and row["until_at"] > now,
        "may_object": open_,
        "object_until": row["made_at"] + WITHIN,
        "text": post.html if post is not None and post.state != "gone" else "",
    }


async def appeal(request: Request) -> Response:
    """Whoever is signed in objects to a decision about themselves."""
    form, strike_id, account = await read_form(request), request.path_params["id"], member_of(request).account

    async def work(unit: Unit) -> str:
        return await object_to(unit, strike_id, account.id, form.text("text"))

    try:
        await house_of(request).database.in_unit(work)
    except Refusal as error:
        if error.code != "text":
            raise
        return await _own_page(request, error.message, form.text("text"), strike_id)
    return flash(request, redirect(PAGE), "Sent. Another moderator looks at it, where there is one.")


async def one(request: Request) -> Response:
    """An appeal, with the decision that it is about."""
    return await _appeal_page(request)


async def _appeal_page(request: Request, error: str = "", typed: str = "") -> Response:
    house = house_of(request)
    row = await find_appeal(house.database, request.path_params["id"])
    strike = await find_strike(house.database, row["strike_id"]) if row else None
    if row is None or strike is None:
        return await _gone(request)
    line = await house.database.row(
        "SELECT decision.made_by, decision.rule, account.display_name AS name FROM decision "
        "LEFT JOIN account ON account.id = decision.made_by WHERE decision.id = ?",
        strike["decision_id"],
    )
    member = await house.database.row("SELECT id, display_name FROM account WHERE id = ?", row["account_id"])
    post = await find_known(house.database, strike["about_uri"])
    return await render(
        request,
        "moderation/appeal.html",
        422 if error else 200,
        appeal=row,
        strike=strike,
        words=SORTS[strike["sort"]],
        decided_by=who_decided(line) if line else "",
        member=member,
        text=post.html if post is not None and post.state != "gone" else "",
        post_url=page_path(post) if post is not None and post.state == "shown" else "",
        others=await find_strikes(house.database, row["account_id"]),
        sorts=SORTS,
        error=error,
        typed=typed,
        admin_tabs=await admin_tabs(request),
    )


async def _gone(request: Request) -> Response:
    """The member has left with everything of theirs: nothing waits any more."""

    async def work(unit: Unit) -> bool:
        return await close_left(unit, request.path_params["id"])

    if not await house_of(request).database.in_unit(work):
        raise NotFound
    return flash(request, redirect(QUEUE), "Whoever objected has left; nothing is to be decided.", "info")


async def decide_one(request: Request) -> Response:
    """The decision stands, or is taken back; fields act (uphold, reject), answer."""
    form, appeal_id = await read_form(request), request.path_params["id"]
    act, answer = form.text("act"), form.text("answer")
    judge = Judge(member_of(request).account.id, answer)
    if act not in ("uphold", "reject"):
        raise Refusal("no-act", "Nothing was chosen. Go back and use one of the buttons.")
    if not answer:
        return await _appeal_page(request, "Write an answer: the member reads it.")

    async def work(unit: Unit) -> None:
        await decide(unit, appeal_id, judge, upheld=act == "uphold", answer=answer)

    house = house_of(request)
    await house.database.in_unit(work)
    await house.marks.load(house.database, house.clock.now())
    said = "Taken back, and the member is told." if act == "uphold" else "It stands, and the member is told."
    return flash(request, redirect(QUEUE), said)


def doors() -> list[Door]:
    """One's own page, and the desk's."""
    return [
        Door(PAGE, own, Permission.MEMBER),
        Door(f"{PAGE}/{{id}}", appeal, Permission.MEMBER, methods=("POST",)),
        Door(f"{APPEALS}/{{id}}", one, Permission.REPORTS),
        Door(f"{APPEALS}/{{id}}", decide_one, Permission.REPORTS, methods=("POST",)),
    ]
