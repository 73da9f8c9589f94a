"""Skills and interests: each member's own page, and the search for organizers.

Issue of members (filled by each member, seen by organizers, searchable); DESIGN §1 ("an inventory of skills").
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ..errors import Refusal
from ..house import Door, house_of
from ..members import Permission
from ..members.details import GROUPS, find_details, set_skills_for
from ..members.roll import PAGE, find_handles
from ..members.skills import (
    INTEREST,
    SKILL,
    SORTS,
    WORDS_MAX,
    Found,
    check_list,
    count_words,
    find_list,
    find_own,
    find_people,
    save_own,
    to_words,
)
from ..store.choices import choose
from ..store.kinds import Reads
from ..text import fold
from ..web import Form, admin_tabs, flash, member_of, read_form, redirect, render
from ..words import mark
from .roll import next_url
from .roll_tabs import roll_tabs

OWN = "/me/skills"
LIST = "/admin/skills"
LISTS = {SKILL: "skills_list", INTEREST: "interests_list"}


async def own(request: Request) -> Response:
    """What this member can do and cares about, and who sees it."""
    named = await find_own(house_of(request).database, member_of(request).account.id)
    return await _own_page(request, named)


async def save(request: Request) -> Response:
    """It is so now."""
    account_id, form = member_of(request).account.id, await read_form(request)
    typed: dict[str, list[str]] = {sort: [] for sort in SORTS}
    try:
        typed = {sort: to_chosen(form, sort) for sort in SORTS}
        async with house_of(request).database.unit() as unit:
            for sort, words in typed.items():
                await save_own(unit, account_id, sort, words)
            await set_skills_for(unit, account_id, form.text("who"))
    except Refusal as error:
        return await _own_page(request, typed, error.message, form)
    return flash(request, redirect(OWN), mark("Saved."))


def to_chosen(form: Form, sort: str) -> list[str]:
    """What was ticked, and what was written besides; raises Refusal."""
    ticked = [words for words in form.many.get(sort, ()) if 0 < len(words) <= WORDS_MAX]
    return to_words("\n".join([*ticked, form.values.get(f"{sort}_more", "")]))


async def _own_page(
    request: Request, named: dict[str, list[str]], wrong: str = "", form: Form | None = None
) -> Response:
    house, account_id = house_of(request), member_of(request).account.id
    details = await find_details(house.database, account_id)
    sorts: list[dict[str, Any]] = []
    for sort in SORTS:
        offered = await find_list(house.database, sort)
        listed, chosen = {fold(words) for words in offered}, {fold(words) for words in named[sort]}
        more = ", ".join(words for words in named[sort] if fold(words) not in listed)
        sorts.append(
            {
                "name": sort,
                "offered": [(words, fold(words) in chosen) for words in offered],
                "more": form.values.get(f"{sort}_more", "") if form else more,
            }
        )
    return await render(
        request,
        "site/my_skills.html",
        400 if wrong else 200,
        sorts=sorts,
        wrong=wrong,
        groups_too=(form.text("who") if form else details.skills_for) == GROUPS,
        noindex=True,
    )


async def search(request: Request) -> Response:
    """Who can do what is looked for; what is named most."""
    return await _search_page(request)


async def save_lists(request: Request) -> Response:
    """Members choose from these lists from now on; what they chose before stays theirs."""
    form = await read_form(request)
    typed = {sort: form.text(sort) for sort in SORTS}
    try:
        lists = {sort: check_list(text) for sort, text in typed.items()}
    except Refusal as error:
        return await _search_page(request, typed, error.message)
    async with house_of(request).database.unit() as unit:
        for sort, text in lists.items():
            await choose(unit, LISTS[sort], text)
    return flash(request, redirect(LIST), mark("Saved. Members choose from these lists now."))


async def _search_page(request: Request, typed: dict[str, str] | None = None, wrong: str = "") -> Response:
    database, query = house_of(request).database, request.query_params
    words = query.get("q", "").strip()[:WORDS_MAX]
    after = (query.get("after", "")[:250], query.get("id", "")[:26])
    found = await find_people(database, words, after=after) if words else []
    lists = typed or {sort: "\n".join(await find_list(database, sort)) for sort in SORTS}
    return await render(
        request,
        "site/skills.html",
        400 if wrong else 200,
        q=words,
        found=await _with_contacts(database, found),
        next_url=next_url(request, found[-1].sort_name, found[-1].account_id) if len(found) == PAGE else None,
        most=[(sort, await count_words(database, sort)) for sort in SORTS],
        lists=lists,
        wrong=wrong,
        admin_tabs=await admin_tabs(request),
        roll_tabs=roll_tabs(request),
    )


async def _with_contacts(reads: Reads, found: list[Found]) -> list[dict[str, Any]]:
    ids = [one.account_id for one in found]
    handles = await find_handles(reads, ids)
    emails = await _find_emails(reads, ids)
    return [
        {"one": one, "contact": emails.get(one.account_id) or handles.get(one.account_id, "")}
        for one in found
    ]


async def _find_emails(reads: Reads, account_ids: list[str]) -> dict[str, str]:
    if not account_ids:
        return {}
    wanted = ", ".join("?" for _ in account_ids)
    rows = await reads.rows(f"SELECT id, email FROM account WHERE id IN ({wanted})", *account_ids)
    return {row["id"]: row["email"] for row in rows}


def doors() -> list[Door]:
    """One's own, and the organizers'."""
    return [
        Door(OWN, own, Permission.MEMBER),
        Door(OWN, save, Permission.MEMBER, methods=("POST",)),
        Door(LIST, search, Permission.PEOPLE),
        Door(LIST, save_lists, Permission.PEOPLE, methods=("POST",)),
    ]
