"""Our own announcements: written, scheduled, published, edited, pinned, deleted.

wire.md §2.2 (Mastodon shows an Article by name, summary and link only: so a text without a title stays a Note unless
it is longer than people read in a timeline), §2.3 (hashtags and mentions stand in the text).
"""

from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote

from ....errors import NotFound, Refusal
from ....jobs.schedule import schedule, unschedule
from ....media.uploads import (
    Stored,
    UploadRow,
    drop_uploads,
    find_uploads,
    find_used_by,
    keep_upload,
    use_upload,
)
from ....settings import Settings
from ....store import Unit, know
from ....store.kinds import Reads, change, find_known, forget
from ....text import excerpt, find_hashtags, link_entities, render_markdown
from ..draft import (
    PICTURES_MAX,
    VISIBILITIES,
    AnnouncementDeleted,
    AnnouncementEdited,
    AnnouncementPinned,
    AnnouncementPublished,
    Draft,
    Picture,
)
from .rows import (
    LANGUAGE_MAX,
    PUBLISHED,
    SCHEDULED,
    TITLE_MAX,
    WARNING_MAX,
    PostRow,
    erase,
    get_post,
    insert,
    keep_version,
    known_pictures,
    replace_tags,
    to_known,
    update,
)
from .shares import pass_on

NOTE_CHARS_MAX = 5000
UNUSED_KEPT_FOR = timedelta(days=1)
PUBLISH_JOB, UNUSED_JOB, FILES_JOB = "announcement-publish", "announcement-unused", "announcement-files"
# What an edit may change; the rest of a row is its place in the world.
_SAID = ("type", "title", "html", "warning", "language", "pictures")


def hashtag_url(settings: Settings, tag: str) -> str:
    """The page of a hashtag here."""
    return settings.uri("tags", quote(tag.casefold(), safe=""))


def rendered(settings: Settings, draft: Draft) -> str:
    """The draft's text as it will be published: hashtags and resolved mentions are links."""
    mentions = {one.key: (one.url, one.name) for one in draft.mentions}
    return link_entities(
        render_markdown(draft.text),
        hashtag_url=lambda tag: hashtag_url(settings, tag),
        mentions=mentions,
    )


def check_draft(draft: Draft) -> None:
    """Raises Refusal for what cannot be announced."""
    if not draft.text.strip() and not draft.pictures:
        raise Refusal("text", "Write something first.")
    if len(draft.title) > TITLE_MAX:
        raise Refusal("title", "A title has at most %(max)s characters.", max=TITLE_MAX)
    if len(draft.warning) > WARNING_MAX:
        raise Refusal("warning", "A content warning has at most %(max)s characters.", max=WARNING_MAX)
    if len(draft.language) > LANGUAGE_MAX:
        raise Refusal("language", "A language is written like en or es.")
    if draft.visibility not in VISIBILITIES:
        raise Refusal("visibility", "Choose who can see this.")
    if len(draft.pictures) > PICTURES_MAX:
        raise Refusal("pictures", "At most %(max)s pictures fit into one announcement.", max=PICTURES_MAX)


async def _pictures(reads: Reads, draft: Draft, uri: str) -> tuple[Picture, ...]:
    found = await find_uploads(reads, [id_ for id_, _ in draft.pictures])
    uploads = {one.id: one for one in found if one.used_by_uri in ("", uri)}
    if len(uploads) != len(draft.pictures):
        raise Refusal("pictures", "A picture is not here any more. Add it again.")
    return tuple(_to_picture(uploads[id_], alt) for id_, alt in draft.pictures)


def _to_picture(upload: UploadRow, alt: str) -> Picture:
    return Picture(
        url=upload.path,
        alt=" ".join(alt.split()),
        media_type=upload.media_type,
        width=upload.width,
        height=upload.height,
        thumbnail=upload.thumbnail_path,
        upload_id=upload.id,
    )


def blank(settings: Settings, id_: str, now: datetime) -> PostRow:
    """An announcement of ours that says nothing yet."""
    uri = settings.uri("announcements", id_)
    return PostRow(
        id=id_,
        uri=uri,
        author_uri=settings.chapter_uri,
        local=True,
        type="Note",
        state=SCHEDULED,
        visibility="public",
        title="",
        source="",
        html="",
        warning="",
        language="",
        pictures=(),
        mentions=(),
        hashtags=(),
        url=uri,
        pinned=False,
        account_id="",
        publish_at=None,
        published_at=None,
        edited_at=None,
        created_at=now,
    )


async def preview(reads: Reads, settings: Settings, draft: Draft, base: PostRow) -> PostRow:
    """`base` saying what the draft says, for a look before it is published; raises Refusal."""
    check_draft(draft)
    html = rendered(settings, draft)
    title = draft.title.strip()
    if not title and len(html) > NOTE_CHARS_MAX:
        title = excerpt(html, 100)
    return replace(
        base,
        type="Article" if title else "Note",
        title=title,
        source=draft.text,
        html=html,
        warning=" ".join(draft.warning.split()),
        language=draft.language or settings.language,
        pictures=await _pictures(reads, draft, base.uri),
        mentions=draft.mentions,
        hashtags=find_hashtags(draft.text),
    )


async def write(unit: Unit, draft: Draft, *, account_id: str = "") -> str:
    """The announcement is published, or waits for `draft.publish_at`; returns its id. Raises Refusal."""
    id_ = unit.new_id()
    post = await preview(unit, unit.settings, draft, blank(unit.settings, id_, unit.now))
    author_uri = draft.author_uri or post.author_uri
    post = replace(
        post,
        author_uri=author_uri,
        shared=draft.shared and author_uri != unit.settings.chapter_uri and draft.visibility == "public",
        visibility=draft.visibility,
        pinned=draft.pinned,
        publish_at=draft.publish_at,
        account_id=account_id,
    )
    await insert(unit, post)
    await _use_pictures(unit, post)
    if draft.publish_at is not None and draft.publish_at > unit.now:
        await schedule(unit, PUBLISH_JOB, {"id": id_}, due_at=draft.publish_at, key=f"{PUBLISH_JOB}:{id_}")
    else:
        await _publish(unit, post)
    return id_


async def _use_pictures(unit: Unit, post: PostRow) -> None:
    for picture in post.pictures:
        await use_upload(unit, picture.upload_id, uri=post.uri, alt=picture.alt)
        await unschedule(unit, f"{UNUSED_JOB}:{picture.upload_id}")


async def publish_due(unit: Unit, id_: str) -> bool:
    """The scheduled announcement is out; False when it was cancelled or is out already."""
    row = await unit.row("SELECT id FROM announcement WHERE id = ? AND state = ?", id_, SCHEDULED)
    if row is None:
        return False
    await _publish(unit, await get_post(unit, id_))
    return True


async def _publish(unit: Unit, post: PostRow) -> None:
    post = replace(post, state=PUBLISHED, publish_at=None, published_at=unit.now)
    await update(unit, post)
    await replace_tags(unit, post)
    known = to_known(post, unit.now)
    await know(unit, replace(known, listed=post.visibility == "public", updated_at=None))
    unit.record(AnnouncementPublished(post.id))
    if post.shared:
        await pass_on(unit, post.uri, post.author_uri)
    if post.pinned:
        await pin(unit, post.id, pinned=True)


async def edit(unit: Unit, id_: str, draft: Draft) -> bool:
    """The announcement says what the draft says; False when it did before. Who can see it does not change."""
    post = await _own(unit, id_)
    known = await find_known(unit, post.uri)
    if known is not None and known.state == "hidden":
        raise Refusal("hidden", "The moderators have hidden this. It can be edited when it is shown again.")
    after = await preview(unit, unit.settings, draft, post)
    dropped = {one.upload_id for one in post.pictures} - {one.upload_id for one in after.pictures}
    if post.state == SCHEDULED:
        await _edit_scheduled(unit, replace(after, visibility=draft.visibility, pinned=draft.pinned), draft)
    elif all(getattr(post, name) == getattr(after, name) for name in _SAID):
        return False
    else:
        await keep_version(unit, post)
        after = replace(after, edited_at=unit.now)
        await update(unit, after)
        await replace_tags(unit, after)
        await change(
            unit,
            post.uri,
            title=after.title,
            note=after.warning,
            html=after.html,
            pictures=known_pictures(after.pictures),
            language=after.language,
            updated_at=unit.now,
        )
        unit.record(AnnouncementEdited(post.id))
    await _use_pictures(unit, after)
    # Earlier versions show their words; a picture that was taken out is gone at once.
    await _drop_pictures(unit, sorted(dropped))
    return True


async def _edit_scheduled(unit: Unit, post: PostRow, draft: Draft) -> None:
    key = f"{PUBLISH_JOB}:{post.id}"
    if draft.publish_at is None or draft.publish_at <= unit.now:
        await unschedule(unit, key)
        await _publish(unit, post)
        return
    await update(unit, replace(post, publish_at=draft.publish_at))
    await schedule(unit, PUBLISH_JOB, {"id": post.id}, due_at=draft.publish_at, key=key)


async def cancel(unit: Unit, id_: str) -> None:
    """The scheduled announcement is thrown away; nobody ever saw it."""
    post = await _own(unit, id_)
    if post.state != SCHEDULED:
        raise Refusal("published", "This is published already. You can delete it instead.")
    await unschedule(unit, f"{PUBLISH_JOB}:{id_}")
    await _drop_pictures(unit, [one.id for one in await find_used_by(unit, post.uri)])
    await unit.execute("DELETE FROM announcement WHERE id = ?", id_)


async def delete(unit: Unit, id_: str) -> None:
    """The announcement is gone for good, everywhere it can be reached: text, versions, pictures, what we sent."""
    post = await _own(unit, id_)
    if post.state == SCHEDULED:
        await cancel(unit, id_)
        return
    unit.record(
        AnnouncementDeleted(
            post.uri, post.author_uri, post.type, post.visibility, tuple(one.uri for one in post.mentions)
        )
    )
    await _drop_pictures(unit, [one.id for one in await find_used_by(unit, post.uri)])
    await erase(unit, post)
    await unit.execute("UPDATE known_object SET pictures = '', pinned_at = NULL WHERE uri = ?", post.uri)
    await forget(unit, post.uri, owner_uri=post.author_uri, former_type=post.type)


async def pin(unit: Unit, id_: str, *, pinned: bool) -> None:
    """The announcement stands at the top of the profile, or does not."""
    post = await _own(unit, id_)
    known = await find_known(unit, post.uri)
    if post.state != PUBLISHED or known is None or post.visibility == "followers":
        raise Refusal("pin", "Only a public announcement can be pinned.")
    if (known.pinned_at is not None) == pinned:
        return
    await change(unit, post.uri, pinned_at=unit.now if pinned else None)
    unit.record(AnnouncementPinned(post.uri, post.author_uri, pinned))


async def attach(unit: Unit, stored: Stored, *, account_id: str, alt: str = "") -> UploadRow:
    """The picture can be used in an announcement; unless that happens it is deleted after a day."""
    upload = await keep_upload(unit, stored, account_id=account_id, alt=alt)
    key = f"{UNUSED_JOB}:{upload.id}"
    await schedule(unit, UNUSED_JOB, {"id": upload.id}, due_at=unit.now + UNUSED_KEPT_FOR, key=key)
    return upload


async def drop_unused(unit: Unit, upload_id: str) -> None:
    """The upload is gone if nothing uses it."""
    found = await find_uploads(unit, [upload_id])
    await _drop_pictures(unit, [one.id for one in found if not one.used_by_uri])


async def _drop_pictures(unit: Unit, ids: list[str]) -> None:
    names = await drop_uploads(unit, ids)
    if names:
        # The files go after the commit: a unit that is rolled back must find them in place.
        await schedule(unit, FILES_JOB, {"names": names}, due_at=unit.now, key=f"{FILES_JOB}:{unit.new_id()}")


async def _own(unit: Unit, id_: str) -> PostRow:
    post = await get_post(unit, id_)
    if not post.local:
        raise NotFound("no-announcement", "This announcement is not here.")
    return post
