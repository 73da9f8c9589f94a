"""What people with a public handle are told: who answered what they wrote, who named them, who wants to follow.

Issue of people (a mention or reply becomes a notice). Whom an actor of ours stands for is looked up here, at the last
moment, and leaves in no message.
"""

from ...actors import find_actor
from ...members.handles import find_bearer, find_bearers
from ...moderation.turning import Released
from ...notices import Notice, tell
from ...store import Known, Unit, find_known, publishes
from ...text import links_in
from ...words import mark
from ..comment.draft import CommentShown
from ..event.draft import JoinDecided
from ..follow.draft import FollowRequested
from .draft import PersonNamed, PrivateWord

# Without the text: it would stay here when its author deletes it.
_ANSWERED = mark("%(name)s answered what you wrote.")
_NAMED = mark("%(name)s mentioned you.")
_PRIVATE = mark("%(name)s (%(handle)s) sent a private message to your public handle. It was not kept here.")
_DECIDED = {
    "going": mark("The organizers of “%(title)s” say that you are on the list."),
    "maybe": mark("The organizers of “%(title)s” will decide later whether there is a place for you."),
    "rejected": mark("The organizers of “%(title)s” said no to your answer."),
}
_FOLLOWS = mark("%(name)s (%(handle)s) asks to follow you.")


@publishes(CommentShown)
async def answered(unit: Unit, happening: CommentShown) -> None:
    """Whoever wrote what is answered hears of it, and everybody who is named."""
    known = await find_known(unit, happening.uri)
    if known is not None:
        told = await _tell_answered(unit, known)
        await _tell_named(unit, known, tuple(uri for uri in happening.mentions if uri != told))


@publishes(Released)
async def released(unit: Unit, happening: Released) -> None:
    """What was held is news only now. Whom it names is read from its links: nothing else was kept of that."""
    known, told = happening.known, ""
    if known.kind not in ("comment", "announcement"):
        return
    if known.kind == "comment":
        told = await _tell_answered(unit, known)
    linked = links_in(known.html, with_mentions=True)
    await _tell_named(unit, known, tuple(uri for uri in linked if uri != told))


@publishes(PersonNamed)
async def named(unit: Unit, happening: PersonNamed) -> None:
    """Somebody was named in a post that answers nothing here."""
    known = await find_known(unit, happening.uri)
    if known is not None:
        await _tell_named(unit, known, happening.named)


async def _tell_answered(unit: Unit, known: Known) -> str:
    """Returns the actor of ours that was answered, or an empty string."""
    parent = await find_known(unit, known.reply_to_uri)
    if parent is None or parent.owner_uri == known.owner_uri:
        return ""
    account_id = await find_bearer(unit, unit.settings, parent.owner_uri)
    if not account_id:
        return ""
    await _tell(unit, known, _ANSWERED, f"answered:{known.ref}", [account_id])
    return parent.owner_uri


async def _tell_named(unit: Unit, known: Known, named: tuple[str, ...]) -> None:
    accounts = await find_bearers(unit, unit.settings, named)
    if accounts:
        await _tell(unit, known, _NAMED, f"named:{known.ref}", list(accounts.values()))


async def _tell(unit: Unit, known: Known, text: str, key: str, to: list[str]) -> None:
    author = await find_actor(unit, known.owner_uri)
    values = {"name": author.display_name if author else known.owner_uri}
    by = await find_bearer(unit, unit.settings, known.owner_uri)
    place = "comments" if known.kind == "comment" else "posts"
    await tell(unit, Notice("reply", key, text, f"/{place}/{known.ref}", values, by=by), to=to)


@publishes(PrivateWord)
async def private_word(unit: Unit, happening: PrivateWord) -> None:
    """People here take no private messages; they hear that one came, and from whom."""
    author = await find_actor(unit, happening.sender_uri)
    accounts = await find_bearers(unit, unit.settings, happening.named)
    if author is None or not accounts:
        return
    values = {"name": author.display_name, "handle": author.handle}
    key = f"private:{author.id}:{unit.now:%Y%m%d}"
    await tell(unit, Notice("reply", key, _PRIVATE, "/me/handle", values), to=list(accounts.values()))


@publishes(FollowRequested)
async def wants_to_follow(unit: Unit, happening: FollowRequested) -> None:
    """Somebody waits for the answer of a person who decides about each follower."""
    follow = happening.follow
    author = await find_actor(unit, follow.follower_uri)
    account_id = await find_bearer(unit, unit.settings, follow.followed_uri)
    if author is None or not account_id:
        return
    values = {"name": author.display_name, "handle": author.handle}
    key = f"follow:{author.id}:{account_id}"
    await tell(unit, Notice("reply", key, _FOLLOWS, "/me/handle/followers", values), to=[account_id])


@publishes(JoinDecided)
async def join_decided(unit: Unit, happening: JoinDecided) -> None:
    """Whoever wants to come to an event elsewhere hears what its organizers say."""
    account_id = await find_bearer(unit, unit.settings, happening.person_uri)
    if not account_id:
        return
    key = f"join:{happening.event_id}:{account_id}:{unit.new_id()}"
    path = f"/events/remote/{happening.event_id}"
    notice = Notice("event", key, _DECIDED[happening.state], path, {"title": happening.title})
    await tell(unit, notice, to=[account_id])
