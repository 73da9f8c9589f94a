"""The board for members: what is needed and offered, answering, and one's own entries.

Issue of members: only members see it; an answer goes through the site. The addresses of shared entries answer to the
servers of sister chapters alone.
"""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from ...actors import find_actors
from ...actors.sisters import find_sisters
from ...errors import NotFound, Refusal
from ...federation.answers import activity_response
from ...federation.authorize import check_addressed
from ...house import Door, house_of
from ...members import Permission, find_account
from ...store import Unit, marks
from ...vocab.context import wants_activity, with_context
from ...web import Form, flash, member_of, read_form, redirect, render
from ...web.negotiate import missing
from ...words import mark, say
from . import service, wire
from .draft import CATEGORIES, NEED, SORTS, EntryDraft
from .service import Answer, Entry

BOARD = "/board"
FIELDS = {"sort": "sort", "category": "category", "title": "title", "text": "text", "many": "title"}


async def listing(request: Request) -> Response:
    """What is open, ours and our sister chapters'."""
    house, query = house_of(request), request.query_params
    sort = query.get("sort", "") if query.get("sort", "") in SORTS else ""
    category = query.get("category", "") if query.get("category", "") in CATEGORIES else ""
    chapter, now = house.settings.chapter_uri, house.clock.now()
    entries = await service.find_entries(house.database, chapter, now, sort=sort, category=category)
    return await render(
        request,
        "board/list.html",
        entries=await _lines(request, entries),
        sort=sort,
        category=category,
        sorts=[("", say("needs and offers")), ("need", say("needs")), ("offer", say("offers"))],
        categories=[("", say("anything")), *_choices(CATEGORIES)],
        noindex=True,
    )


def _choices(words: Mapping[str, str]) -> list[tuple[str, str]]:
    return [(value, say(text)) for value, text in words.items()]


async def _lines(request: Request, entries: list[Entry]) -> list[dict[str, Any]]:
    """As the templates show them: whose each is, as far as its author says so."""
    house, me = house_of(request), member_of(request).account.id
    named = [entry.account_id for entry in entries if entry.named and entry.account_id]
    rows = await house.database.rows(
        f"SELECT id, display_name FROM account WHERE state = 'active' AND id IN ({marks(max(1, len(named)))})",
        *(named or [""]),
    )
    names = {row["id"]: row["display_name"] for row in rows}
    chapters = await find_actors(house.database, [entry.owner_uri for entry in entries])
    return [
        {
            "entry": entry,
            "own": entry.account_id == me,
            "name": names.get(entry.account_id, ""),
            "chapter": "" if entry.ours else chapters[entry.owner_uri].display_name,
            "sort": SORTS[entry.sort],
            "category": CATEGORIES.get(entry.category, CATEGORIES["other"]),
            "is_need": entry.sort == NEED,
        }
        for entry in entries
        if entry.ours or entry.owner_uri in chapters
    ]


async def show(request: Request) -> Response:
    """One entry: to answer it, or, for its author, with what was answered."""
    return await _page(request)


async def _page(request: Request, typed: str = "", error: str = "", *, answer_id: str = "") -> Response:
    house, me = house_of(request), member_of(request).account.id
    entry = await _get_shown(request)
    line = (await _lines(request, [entry]))[0]
    answers = await service.find_answers(house.database, entry.id)
    mine = [one for one in answers if one.account_id == me]
    return await render(
        request,
        "board/show.html",
        400 if error else 200,
        line=line,
        answers=await _answer_lines(request, answers) if line["own"] else [],
        mine=mine[0] if mine else None,
        typed=typed,
        error=error,
        wrong_answer=answer_id,
        may_remove=member_of(request).may(Permission.PEOPLE) and not line["own"] and entry.ours,
        text_max=service.ANSWER_MAX,
        noindex=True,
    )


async def _get_shown(request: Request) -> Entry:
    house = house_of(request)
    entry = await service.get_entry(house.database, request.path_params["id"])
    if not entry.ours and entry.owner_uri not in await find_sisters(
        house.database, house.settings.chapter_uri
    ):
        raise NotFound("no-entry", "This is not on the board any more.")
    return entry


async def _answer_lines(request: Request, answers: list[Answer]) -> list[dict[str, Any]]:
    """Who answered: a member by name, somebody elsewhere by chapter."""
    house = house_of(request)
    chapters = await find_actors(house.database, [one.owner_uri for one in answers])
    lines = []
    for one in answers:
        account = await find_account(house.database, one.account_id) if one.account_id else None
        chapter = chapters.get(one.owner_uri)
        lines.append(
            {
                "answer": one,
                "name": account.display_name if account else "",
                "chapter": chapter.display_name if chapter and not one.account_id else "",
            }
        )
    return lines


async def new(request: Request) -> Response:
    """The form."""
    return await _form(request, {"sort": NEED, "category": "other"})


async def post(request: Request) -> Response:
    """It is on the board."""
    form, account_id = await read_form(request), member_of(request).account.id
    try:
        async with house_of(request).database.unit() as unit:
            entry_id = await service.post(unit, account_id, to_draft(form))
    except Refusal as error:
        return await _wrong(request, form, error)
    return flash(request, redirect(f"{BOARD}/{entry_id}"), mark("It is on the board, for 60 days."))


async def edit(request: Request) -> Response:
    """The form with what one's own entry says."""
    house, me = house_of(request), member_of(request).account.id
    async with house.database.unit() as unit:
        entry = await service.get_own(unit, request.path_params["id"], me)
    values = {name: getattr(entry, name) for name in ("sort", "title", "text", "category")}
    flags = {name: "yes" for name in ("named", "shared") if getattr(entry, name)}
    return await _form(request, values | flags, entry_id=entry.id)


async def save(request: Request) -> Response:
    """It says this now, for another 60 days."""
    form, account_id = await read_form(request), member_of(request).account.id
    entry_id = request.path_params["id"]
    try:
        async with house_of(request).database.unit() as unit:
            await service.edit(unit, entry_id, account_id, to_draft(form))
    except Refusal as error:
        return await _wrong(request, form, error, entry_id=entry_id)
    return flash(request, redirect(f"{BOARD}/{entry_id}"), mark("Saved. It stays for another 60 days."))


def to_draft(form: Form) -> EntryDraft:
    """What the form says."""
    title = " ".join(form.text("title").split())
    return EntryDraft(
        form.text("sort"),
        title,
        form.text("text"),
        form.text("category"),
        form.yes("named"),
        form.yes("shared"),
    )


async def _wrong(request: Request, form: Form, error: Refusal, *, entry_id: str = "") -> Response:
    if error.code not in FIELDS:
        raise error
    return await _form(request, dict(form.values), {FIELDS[error.code]: error.message}, entry_id=entry_id)


async def _form(
    request: Request, typed: dict[str, str], errors: dict[str, str] | None = None, *, entry_id: str = ""
) -> Response:
    house = house_of(request)
    sisters = await find_sisters(house.database, house.settings.chapter_uri)
    actors = await find_actors(house.database, sisters)
    return await render(
        request,
        "board/write.html",
        400 if errors else 200,
        typed=typed,
        errors=errors or {},
        action=f"{BOARD}/{entry_id}/edit" if entry_id else f"{BOARD}/new",
        entry_id=entry_id,
        sorts=_choices(SORTS),
        categories=_choices(CATEGORIES),
        sisters=[actor.display_name for actor in actors.values()],
        title_max=service.TITLE_MAX,
        text_max=service.TEXT_MAX,
        noindex=True,
    )


async def close(request: Request) -> Response:
    """It is off the board, erased; whoever looks after people can take down another's."""
    viewer, entry_id = member_of(request), request.path_params["id"]
    entry = await service.get_entry(house_of(request).database, entry_id)
    over_others = viewer.may(Permission.PEOPLE) and entry.ours and entry.account_id != viewer.account.id
    async with house_of(request).database.unit() as unit:
        await service.close(unit, entry_id, account_id="" if over_others else viewer.account.id)
    return flash(request, redirect(BOARD), mark("Taken down and erased."))


async def answer(request: Request) -> Response:
    """Whoever posted it can read this."""
    form, account_id = await read_form(request), member_of(request).account.id
    entry = await _get_shown(request)
    try:
        async with house_of(request).database.unit() as unit:
            await service.answer(unit, entry.id, account_id, form.text("text"))
    except Refusal as error:
        return await _page(request, form.text("text"), error.message)
    said = mark("Sent. You are told when there is word back.")
    return flash(request, redirect(f"{BOARD}/{entry.id}"), said)


async def reply(request: Request) -> Response:
    """Whoever answered can read this."""
    form, account_id = await read_form(request), member_of(request).account.id
    answer_id, entry_id = request.path_params["answer_id"], request.path_params["id"]

    async def work(unit: Unit) -> None:
        found = await service.reply(unit, answer_id, account_id, form.text("text"))
        if found.entry_id != entry_id:
            raise NotFound

    try:
        await house_of(request).database.in_unit(work)
    except Refusal as error:
        if error.code not in ("answer-text", "replied"):
            raise
        return await _page(request, form.text("text"), error.message, answer_id=answer_id)
    return flash(request, redirect(f"{BOARD}/{entry_id}"), mark("Sent."))


async def entry_document(request: Request) -> Response:
    """A shared entry by its id, for the servers of sister chapters; for everybody else it does not exist."""
    house = house_of(request)
    uri = house.settings.uri("board", "entries", request.path_params["id"])
    entry = await service.find_entry(house.database, uri=uri)
    if entry is None or not entry.shared:
        return await missing(request, uri)
    sisters = tuple(await find_sisters(house.database, house.settings.chapter_uri))
    return await _document(request, wire.to_article(entry, sisters), set(sisters))


async def answer_document(request: Request) -> Response:
    """An answer or a reply of ours by its id, for the chapter it was sent to."""
    house, answer_id = house_of(request), request.path_params["id"]
    sort = request.url.path.split("/")[2]
    uri = house.settings.uri("board", sort, answer_id)
    found = await service.find_answer(house.database, id_=answer_id)
    entry = await service.find_entry(house.database, id_=found.entry_id) if found else None
    chapter = house.settings.chapter_uri
    if found is None or entry is None:
        return await missing(request, uri)
    if sort == "replies" and found.reply_uri == uri:
        return await _document(request, wire.to_reply(found, author_uri=chapter), {found.owner_uri})
    if sort == "answers" and found.uri == uri and not entry.ours:
        note = wire.to_answer(found, entry.uri, author_uri=chapter, to=entry.owner_uri)
        return await _document(request, note, {entry.owner_uri})
    raise NotFound


async def _document(request: Request, document: dict[str, Any], addressed: set[str]) -> Response:
    if not wants_activity(request.headers.get("accept", "*/*")):
        raise NotFound
    await check_addressed(request, addressed)
    response = activity_response(request, with_context(document))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def doors() -> list[Door]:
    """For members; the documents for those they are addressed to."""
    member, post_only = Permission.MEMBER, ("POST",)
    return [
        Door("/board/entries/{id}", entry_document, Permission.ANYONE),
        Door("/board/answers/{id}", answer_document, Permission.ANYONE),
        Door("/board/replies/{id}", answer_document, Permission.ANYONE),
        Door(BOARD, listing, member),
        Door(f"{BOARD}/new", new, member, writes=True),
        Door(f"{BOARD}/new", post, member, methods=post_only, writes=True),
        Door(f"{BOARD}/{{id}}", show, member),
        Door(f"{BOARD}/{{id}}", answer, member, methods=post_only, writes=True),
        Door(f"{BOARD}/{{id}}/edit", edit, member, writes=True),
        Door(f"{BOARD}/{{id}}/edit", save, member, methods=post_only, writes=True),
        Door(f"{BOARD}/{{id}}/close", close, member, methods=post_only),
        Door(f"{BOARD}/{{id}}/answers/{{answer_id}}", reply, member, methods=post_only, writes=True),
    ]
