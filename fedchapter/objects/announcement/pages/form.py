"""The form in which an announcement is written: read, checked, with pictures kept from one step to the next.

operations.md §3 row D2 (uploads). Pictures are stored as soon as they arrive, so that a preview needs no second upload;
what is not published in a day is deleted.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from starlette.requests import Request

from ....errors import Refusal
from ....house import house_of
from ....media.uploads import UploadRow, find_uploads, store_upload
from ....store import Unit
from ....web import Form, identity_of, member_of, read_form
from ....words import mark, say
from .. import service
from ..draft import Draft, Mentioned
from ..service import PostRow
from .mentions import resolve_mentions

LANGUAGES = (
    ("ar", "العربية"),
    ("ca", "Català"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("eu", "Euskara"),
    ("fa", "فارسی"),
    ("fr", "Français"),
    ("hi", "हिन्दी"),
    ("it", "Italiano"),
    ("ja", "日本語"),
    ("ko", "한국어"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ru", "Русский"),
    ("sv", "Svenska"),
    ("tr", "Türkçe"),
    ("uk", "Українська"),
    ("zh", "中文"),
)
NO_ALT = mark("Describe this picture for people who cannot see it, or tick that it is decoration.")


@dataclass(slots=True)
class Attached:
    """A picture of the form: stored, described, or said to be decoration."""

    upload: UploadRow
    alt: str
    decorative: bool = False
    error: str = ""


@dataclass(slots=True)
class Writing:
    """What a form said; `errors` are {field, text}, `lost` the handles that lead nowhere."""

    draft: Draft
    action: str
    at: str = ""
    pictures: list[Attached] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    lost: tuple[str, ...] = ()

    def refuse(self, name: str, text: str) -> None:
        """One more thing to put right."""
        self.errors.append({"field": name, "text": text})

    def error(self, name: str) -> str:
        """What is wrong with that field, or nothing."""
        return next((one["text"] for one in self.errors if one["field"] == name), "")


def languages(chosen: str) -> list[tuple[str, str]]:
    """What the language list offers; a language chosen before is always in it."""
    known = list(LANGUAGES)
    return known if any(chosen == code for code, _ in known) else [(chosen, chosen), *known]


async def blank_writing(request: Request) -> Writing:
    """An empty form, as old links with ?text= may fill it."""
    language = house_of(request).settings.language
    text = request.query_params.get("text", "")[:5000]
    speaks_as = request.query_params.get("as", "")
    return Writing(Draft(text=text, language=language, author_uri=speaks_as), "")


async def writing_of(request: Request, post: PostRow) -> Writing:
    """The form of an announcement that exists."""
    house = house_of(request)
    alts = {one.upload_id: one.alt for one in post.pictures}
    pictures = [
        Attached(upload, alts[upload.id], decorative=not alts[upload.id])
        for upload in await find_uploads(house.database, list(alts))
    ]
    draft = Draft(
        text=post.source,
        title=post.title,
        language=post.language,
        warning=post.warning,
        visibility=post.visibility,
        publish_at=post.publish_at,
        pinned=post.pinned,
        mentions=post.mentions,
        author_uri=post.author_uri,
        shared=post.shared,
    )
    zone = (await identity_of(request)).zone
    at = post.publish_at.astimezone(zone).strftime("%Y-%m-%dT%H:%M") if post.publish_at else ""
    return Writing(draft, "", at, pictures)


async def read_writing(request: Request) -> Writing:
    """The form as it was sent, with everything that is wrong with it."""
    form = await read_form(request)
    house = house_of(request)
    zone = (await identity_of(request)).zone
    later = form.text("when") == "later"
    mentions, lost = await resolve_mentions(house, form.text("text")[:100_000])
    writing = Writing(_draft(form, mentions), form.text("do"), form.text("at"), lost=lost)
    writing.pictures = await _kept_pictures(request, form)
    await _add_pictures(request, form, writing)
    if writing.action == "publish":
        _check_alts(writing)
    publish_at = None
    if later:
        publish_at = _to_moment(writing, zone, house.clock.now())
    pictures = tuple((one.upload.id, one.alt) for one in writing.pictures)
    writing.draft = replace(writing.draft, pictures=pictures, publish_at=publish_at)
    return writing


def _draft(form: Form, mentions: tuple[Mentioned, ...]) -> Draft:
    return Draft(
        text=form.text("text"),
        title=form.text("title"),
        language=form.text("language"),
        warning=form.text("warning"),
        visibility=form.text("visibility", "public"),
        pinned=form.yes("pinned"),
        mentions=mentions,
        author_uri=form.text("as"),
        shared=form.yes("shared"),
    )


async def _kept_pictures(request: Request, form: Form) -> list[Attached]:
    ids = [id_ for id_ in form.many.get("picture", ()) if not form.yes(f"remove-{id_}")]
    uploads = await find_uploads(house_of(request).database, ids)
    return [
        Attached(one, form.text(f"alt-{one.id}"), decorative=form.yes(f"decorative-{one.id}"))
        for one in uploads
    ]


async def _add_pictures(request: Request, form: Form, writing: Writing) -> None:
    house, account_id = house_of(request), member_of(request).account.id
    for sent in form.files.get("file", ()):
        try:
            stored = await store_upload(house.shelf, sent.data)
        except Refusal as error:
            writing.refuse("file", error.message)
            continue

        async def attach(unit: Unit, stored: Any = stored) -> UploadRow:
            return await service.attach(unit, stored, account_id=account_id)

        upload = await house.database.in_unit(attach)
        writing.pictures.append(Attached(upload, form.text("alt"), decorative=form.yes("decorative")))


def _check_alts(writing: Writing) -> None:
    for one in writing.pictures:
        one.alt = "" if one.decorative else one.alt
        if not one.alt and not one.decorative:
            one.error = say(NO_ALT)
            writing.refuse(f"alt-{one.upload.id}", one.error)


def _to_moment(writing: Writing, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The moment written in the chapter's zone; an hour that a clock change skips is refused."""
    try:
        local = datetime.strptime(writing.at, "%Y-%m-%dT%H:%M").replace(tzinfo=zone)
    except ValueError:
        writing.refuse("at", say("Say on which day and at what time it should be published."))
        return None
    moment = local.astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        writing.refuse("at", say("This hour does not exist: the clocks are put forward then."))
    elif moment <= now:
        writing.refuse("at", say("This moment has passed. Choose a later one, or publish at once."))
    return moment
