"""What two moderators find when they look: a wave of spam, a question that waits, two reports, servers decided about.

What comes from strangers is put into the inbox as if a server had brought it, so that the rules judge it.
"""

import hashlib
import json
from functools import partial

from ...federation.inlet import Arrival, Inlet
from ...moderation.actions.hosts import set_host
from ...moderation.audit import Judge
from ...moderation.lists.formats import read_list
from ...moderation.lists.rows import BLOCKS, add_list, get_list, keep_reading
from ...moderation.reports.draft import ABUSE, MEMBER, OTHER, Report, Sending
from ...moderation.reports.receive import receive_report
from ...moderation.reports.sending import send_report
from ...policy import Marking
from ...policy.marks import LIMIT, REFUSE
from ...store import Unit
from .diary import on
from .stage import Chapter, Stage
from .strangers import ADA, BELA, CHEAP, RIO, Stranger, arrive, reply

SELLERS = tuple(
    Stranger(f"user{number}{number * 37}", name, f"{host}.example")
    for number, (name, host) in enumerate(
        (
            ("Kim", "tiny-town"),
            ("Robin", "owls"),
            ("Alex", "left-over"),
            ("Jo", "bread"),
            ("Max", "no-admin-here"),
            ("Sascha", "old-fans"),
            ("Toni", "forgotten"),
        ),
        start=3,
    )
)
BLOCKED = """#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
likes-for-sale.example,suspend,false,false,Sells likes,false
spam-hotel.example,suspend,true,true,Open to everybody and looked after by nobody,false
loud.example,silence,false,false,Answers everybody at night,false
"""


async def send(chapter: Chapter, stranger: Stranger, number: int, to_uri: str, html: str) -> None:
    """What they answer is in the inbox of the chapter."""
    uri = f"{stranger.uri}/statuses/{number}"
    now = chapter.house.clock.now()
    everybody = "https://www.w3.org/ns/activitystreams#Public"
    note: dict[str, object] = {
        "id": uri,
        "type": "Note",
        "attributedTo": stranger.uri,
        "content": html,
        "inReplyTo": to_uri,
    }
    note |= {"to": everybody, "cc": chapter.uri, "published": now.isoformat(), "url": uri}
    note |= {"tag": [{"type": "Mention", "href": chapter.uri, "name": f"@{chapter.settings.username}"}]}
    activity: dict[str, object] = {
        "id": f"{uri}/activity",
        "type": "Create",
        "actor": stranger.uri,
        "object": note,
    }
    activity |= {"to": everybody, "cc": chapter.uri}
    body = json.dumps({"@context": "https://www.w3.org/ns/activitystreams", **activity})
    fingerprint = hashlib.sha256(body.encode()).hexdigest()
    arrival = Arrival(
        fingerprint, stranger.uri, f"{uri}/activity", "Create", stranger.host, uri, body, stranger.uri, now
    )
    await chapter.run(Inlet(chapter.house).put(arrival))


@on(day=-6, hour=9)
async def a_server_that_sells(stage: Stage) -> None:
    """Tomas suspends a server and limits another, and says why to everybody."""
    why = "Sells followers, and writes to everybody whom it finds."
    await _decide(stage.riverside, "tomas", "followers-now.example", REFUSE, why)
    await _decide(
        stage.riverside, "tomas", "loud.example", LIMIT, "Much of what comes from there is quarrel."
    )
    why = "Thousands of accounts, and nobody looks after them."
    await _decide(stage.hillside, "piet", "spam-hotel.example", REFUSE, why)


async def _decide(chapter: Chapter, by: str, host: str, decision: str, why: str) -> None:
    judge = Judge(chapter.people[by].id, why)
    marking = Marking(decision, reason=why, public_reason=why, made_by=judge.account_id)
    await chapter.unit(lambda unit: set_host(unit, chapter.house, host, marking, judge))
    await chapter.run(chapter.house.marks.load(chapter.house.database, chapter.house.clock.now()))


@on(day=-4, hour=11)
async def a_list_of_servers(stage: Stage) -> None:
    """Tomas brought a list that somebody gave him, and nothing of it is decided yet."""
    judge = Judge(stage.riverside.people["tomas"].id)

    async def bring(unit: Unit) -> None:
        list_id = await add_list(
            unit, sort=BLOCKS, name="From the meeting of moderators", url="", judge=judge
        )
        await keep_reading(unit, await get_list(unit, list_id), read_list(BLOCKED))

    await stage.riverside.unit(bring)


@on(day=-2, hour=19)
async def a_word_too_loud(stage: Stage) -> None:
    """Somebody whose answers are shown is rude, and Greta reports it."""
    riverside = stage.riverside
    text = "<p>Measure what you like. People who cannot spell nitrate should not be let near a river.</p>"
    uri = await reply(riverside, BELA, stage.kept["water"], text)
    why = "That was meant for Yusuf, who wrote the table. He is learning."
    report = Report(MEMBER, (uri,), why, ABUSE, account_id=riverside.people["greta"].id, language="en")
    await riverside.unit(partial(receive_report, report=report))


@on(day=-1, hour=11)
async def harbor_reports(stage: Stage) -> None:
    """Harbor's moderator asks Riverside's to look at something."""
    harbor, riverside = stage.harbor, stage.riverside
    await harbor.actor(riverside.uri)
    why = "Nothing bad: the poster says Friday, and the event says Thursday. Ours went on both days."
    sending = Sending(riverside.uri, (stage.kept["repair"],), why, category=OTHER)
    await harbor.unit(partial(send_report, sending=sending, judge=Judge(harbor.people["ole"].id)))


@on(day=-1, hour=18, minute=30)
async def somebody_new(stage: Stage) -> None:
    """Two strangers' first answers wait for a moderator: one is fine, the other is not."""
    await arrive(stage.riverside, *SELLERS)
    water = stage.kept["water"]
    text = "<p>I moved here in March and would like to help with the samples. Is Sunday at seven still right?</p>"
    await send(stage.riverside, RIO, 1, water, text)
    shop = '<a href="https://shop-now.example/w?id=1">shop-now.example</a>'
    await send(stage.riverside, CHEAP, 1, water, f"<p>WATER FILTER -70% only today {shop}</p>")


@on(day=-1, hour=20)
async def a_wave(stage: Stage) -> None:
    """The same offer comes from seven servers within minutes."""
    for number, seller in enumerate(SELLERS):
        link = f'<a href="https://coins-for-all.example/j?r={number * 131}">coins-for-all.example</a>'
        text = f"<p>Dear friends, I made 4,200 in one week from home and so can you. Ask me how, today only: {link}</p>"
        await send(stage.riverside, seller, number, stage.kept["repair"], text)


@on(day=-1, hour=21)
async def ada_asks(stage: Stage) -> None:
    """Whoever is known here is shown at once."""
    await send(stage.riverside, ADA, 900, stage.kept["repair"], "<p>Is the mill open from five already?</p>")
