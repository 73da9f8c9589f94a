"""The rules of public handles: taken by choice, changed by their bearer, given up for good.

DESIGN §1 (privacy by default, what need not be kept is erased); wire.md §3.2 (Delete of an actor).
"""

from datetime import timedelta

from ...actors import ActorRow, SigningKeys, change_actor, close_actor, create_actor, find_own
from ...actors.names import check_free, taken
from ...errors import NotFound, Refusal
from ...jobs import schedule
from ...members.handles import take_handle
from ...store import Unit, forget
from ...store.kinds import Reads, find_where
from ...text import clean, render_markdown
from ..profile.draft import ChapterChanged, PostGone
from .draft import PersonDraft

NAME_MAX = 60
SOURCE_MAX = 1000
FORGOTTEN_AT_ONCE = 200
FORGET_JOB, KEYS_JOB = "forget-person", "forget-person-keys"
# Longer than a delivery is tried (federation.retry): until then the Delete has to be signed.
KEYS_KEPT_FOR = timedelta(days=6)


def check_draft(draft: PersonDraft) -> None:
    """Raises Refusal `person-name` or `person-text` for what is empty, too long or not one line."""
    name = draft.name
    if not 0 < len(name) <= NAME_MAX or not name.isprintable() or "@" in name:
        raise Refusal(
            "person-name", "A public name has 1 to %(max)s characters, on one line, without @.", max=NAME_MAX
        )
    if len(draft.source) > SOURCE_MAX:
        raise Refusal(
            "person-text", "This text is too long: %(max)s characters are the most.", max=SOURCE_MAX
        )


async def choose(unit: Unit, account_id: str, handle: str, draft: PersonDraft, keys: SigningKeys) -> None:
    """The account has that handle, and an actor with those keys stands behind it; nothing is sent to anybody.

    Raises Refusal `name-…` for the handle, `handle-had`, and as `check_draft`.
    """
    check_draft(draft)
    await check_free(unit, unit.settings, handle)
    uri = unit.settings.uri(f"@{handle}")
    assert keys.actor_uri == uri
    made = await create_actor(
        unit,
        keys,
        type_="Person",
        username=handle,
        name=draft.name,
        approves_followers=draft.approves_followers,
    )
    if not made:
        raise taken()
    await take_handle(unit, account_id, handle)
    await unit.execute("INSERT INTO person (uri, source) VALUES (?, ?)", uri, draft.source)
    await _show(unit, uri, draft)


async def change(unit: Unit, uri: str, draft: PersonDraft) -> None:
    """The person presents themselves so, and everybody who has seen them is told; raises as `check_draft`."""
    check_draft(draft)
    await unit.execute("UPDATE person SET source = ? WHERE uri = ?", draft.source, uri)
    await _show(unit, uri, draft)
    unit.record(ChapterChanged(uri))


async def _show(unit: Unit, uri: str, draft: PersonDraft) -> None:
    await change_actor(
        unit,
        uri,
        name=draft.name,
        summary=clean(render_markdown(draft.source)),
        approves_followers=draft.approves_followers,
        discoverable=draft.discoverable,
        indexable=draft.indexable,
    )


async def get_person(reads: Reads, uri: str) -> tuple[ActorRow, str]:
    """The actor and the Markdown of its text; raises NotFound for whoever is no person of ours (any more)."""
    actor = await find_own(reads, uri)
    row = await reads.row("SELECT source FROM person WHERE uri = ?", uri)
    if actor is None or actor.type != "Person" or row is None:
        raise NotFound
    return actor, row["source"]


async def bury(unit: Unit, uri: str) -> bool:
    """The person is gone for good: what they said of themselves is erased, what they wrote follows by and by.

    Their keys go when nothing of theirs is on its way any more. False when they were gone already.
    """
    if not await close_actor(unit, uri, "Person"):
        return False
    await unit.execute("DELETE FROM person WHERE uri = ?", uri)
    await schedule(unit, FORGET_JOB, {"uri": uri}, due_at=unit.now, key=f"{FORGET_JOB}:{uri}")
    due_at = unit.now + KEYS_KEPT_FOR
    await schedule(unit, KEYS_JOB, {"uri": uri}, due_at=due_at, key=f"{KEYS_JOB}:{uri}")
    return True


async def forget_things(unit: Unit, uri: str) -> None:
    """Up to two hundred things that the person wrote or did are forgotten, and a job for the rest is on its way."""
    found = await find_where(
        unit,
        "owner_uri = ? AND state <> 'gone' AND uri <> ? ORDER BY uri LIMIT ?",
        uri,
        uri,
        FORGOTTEN_AT_ONCE,
    )
    for known in found:
        await forget(unit, known.uri, owner_uri=uri, former_type="")
        unit.record(PostGone(known))
    if len(found) == FORGOTTEN_AT_ONCE:
        key = f"{FORGET_JOB}:{uri}:{unit.new_id()}"
        await schedule(unit, FORGET_JOB, {"uri": uri}, due_at=unit.now, key=key)


async def forget_keys(unit: Unit, uri: str) -> bool:
    """The private keys of a person who is gone are erased; False while something of theirs is still on its way."""
    waits = await unit.row("SELECT 1 AS yes FROM delivery WHERE actor_uri = ? AND state = 'due' LIMIT 1", uri)
    if waits is not None:
        return False
    await unit.execute("DELETE FROM actor_key WHERE actor_uri = ?", uri)
    return True
