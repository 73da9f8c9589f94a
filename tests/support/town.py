"""The demo's three chapters at the end of their story, answering over TCP, and where the pages of one of them are."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from fedchapter.app import Instance, create_instance
from fedchapter.app.founding import found
from fedchapter.app.serving import listen, server_for
from fedchapter.cli.demo.command import BEGAN_AGO
from fedchapter.cli.demo.folder import open_folder
from fedchapter.cli.demo.proposals import propose
from fedchapter.cli.demo.stage import Stage
from fedchapter.cli.demo.story import tell
from fedchapter.clock import MovedClock, SystemClock
from fedchapter.house.letters import LINK, LINK_LASTS
from fedchapter.mail.unsubscribe import token_for
from fedchapter.members import Role
from fedchapter.members.invitations import invite
from fedchapter.members.recalls import ask_recall
from fedchapter.members.tickets import issue
from fedchapter.notices import way_out
from fedchapter.objects.proposal.draft import ProposalDraft
from fedchapter.objects.proposal.service import edit
from fedchapter.settings import Settings
from tests.support.databases import forget_sql
from tests.support.groups import found_groups
from tests.support.held import hold_comment
from tests.support.joiners import joining_links
from tests.support.listed import fill_lists
from tests.support.neighbours import fill_board
from tests.support.on_tcp import make_schema
from tests.support.processes import free_ports
from tests.support.reported import reported, sent, visitor_links
from tests.support.struck import strike_somebody

TABS = (
    "applications",
    "invitations",
    "joining",
    "queue",
    "reports",
    "decisions",
    "rules",
    "lists",
    "lists/sisters",
    "lists/circle",
    "lists/closed",
    "followers",
    "following",
    "members",
    "dues",
    "skills",
    "export",
    "asked",
    "groups",
    "seconds",
    "conduct",
    "peers",
    "sisters",
    "messages",
    "log",
    "settings",
    "health",
    "kept",
)
_REF = "SELECT ref FROM known_object WHERE kind = '{}' AND state = 'shown' AND NOT local ORDER BY uri LIMIT 1"
_COMMENT = "SELECT ref FROM known_object WHERE kind = 'comment' AND local LIMIT 1"
_EVENT = "SELECT id FROM event WHERE NOT local LIMIT 1"
_GROUP = "SELECT group_key FROM desk_item WHERE state = 'open' LIMIT 1"
_WAITING = "SELECT id FROM application WHERE state = 'waiting' LIMIT 1"
_IN = "SELECT id FROM inbox_item WHERE verb = 'Create' ORDER BY id DESC LIMIT 1"
_OUT = "SELECT id FROM delivery ORDER BY id DESC LIMIT 1"
_LENA = "SELECT id FROM account WHERE display_name = 'Lena Fischer'"
_WRITER = "SELECT actor.id FROM actor JOIN message ON message.actor_uri = actor.uri LIMIT 1"


@asynccontextmanager
async def open_town(folder: Path) -> AsyncIterator[Stage]:
    """The three chapters; from now on only what a browser asks for happens."""
    forget_sql()
    schema = await make_schema(folder)
    clock = MovedClock(SystemClock().now() - BEGAN_AGO)
    async with AsyncExitStack() as stack:
        instances: list[Instance] = []
        for settings in open_folder(folder / "demo", free_ports(3), fresh=False).settings():
            instances.append(await _prepare(settings, schema, clock))
            stack.push_async_callback(instances[-1].close)
        await stack.enter_async_context(_answering(instances))
        stage = Stage(instances, clock)
        await tell(stage, lambda title: None)
        await _propose_more(stage)
        await found_groups(stage)
        await fill_board(stage)
        await _hold_something(stage)
        yield stage


async def _prepare(settings: Settings, schema: Path, clock: MovedClock) -> Instance:
    settings.data.mkdir(parents=True)
    shutil.copy(schema, settings.database.removeprefix("sqlite://"))
    instance = create_instance(settings, clock=clock, limits_scale=1000)
    await instance.open()
    await found(instance)
    return instance


@asynccontextmanager
async def _answering(instances: Sequence[Instance]) -> AsyncIterator[None]:
    servers = [server_for(instance) for instance in instances]
    tasks = [
        asyncio.create_task(server.serve(sockets=[listen(instance.settings)]))
        for server, instance in zip(servers, instances, strict=True)
    ]
    for server in servers:
        await server.answers.wait()
    try:
        yield
    finally:
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*tasks)


async def _propose_more(stage: Stage) -> None:
    """Riverside has a proposal under discussion too, in its second version."""
    draft = ProposalDraft("Benches at the weir", "Three benches, **two** of them with a back.")
    await propose(stage, stage.riverside, "benches", draft, "yusuf")
    again = ProposalDraft("Benches at the weir", "Three benches, **all** of them with a back.")
    await stage.riverside.unit(partial(edit, proposal_id=stage.kept["benches id"], draft=again))
    await stage.settle()


async def _hold_something(stage: Stage) -> None:
    """Somebody's answer waits for Riverside's moderators."""
    words = "<p>Nice! More at <a href='https://watches.example/'>my shop</a>.</p>"
    author, root = stage.hillside.settings.chapter_uri, stage.kept["repair"]
    await stage.riverside.unit(lambda unit: hold_comment(unit, author, words, root_uri=root))


class Paths:
    """The pages of Riverside, by who looks at them."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.kept, self.origin = stage, stage.kept, stage.riverside.settings.origin

    async def _one(self, query: str) -> str:
        row = await self.stage.riverside.run(self.stage.riverside.house.database.row(query))
        assert row, query
        return str(next(iter(row.values())))

    def _of(self, *names: str, then: str = "") -> list[str]:
        return [urlsplit(self.kept[name]).path + then for name in names]

    async def public(self) -> list[str]:
        """What everybody may see."""
        return [
            *(
                "/",
                "/offline",
                "/about",
                "/privacy",
                "/@riverside",
                "/sign-in",
                "/join",
                "/subscribe",
                "/report",
                "/no-such-page",
            ),
            *("/groups", "/@harbour", "/@greta", "/tags/riverside", "/tags/nobody-wrote-this"),
            *("/events", "/events?past=1", "/proposals"),
            *self._of("water", "repair", "mill", "cooperative", "benches", "open evening", "walk"),
            *self._of("benches", then="/versions"),
            *self._of("water", then="/history"),
            "/report?" + urlencode({"uri": self.kept["repair"]}),
            f"/events/remote/{await self._one(_EVENT)}",
            f"/posts/{await self._one(_REF.format('announcement'))}",
            f"/proposals/{await self._one(_REF.format('proposal'))}",
        ]

    async def by_link(self) -> list[str]:
        """What a link in a letter or on another site opens."""
        riverside = self.stage.riverside
        token = token_for(riverside.house.secret, "gus@mail.example", "news")
        link = await riverside.unit(partial(invite, role=Role.MEMBER, made_by=riverside.people["ines"].id))
        yusuf = riverside.people["yusuf"].id
        mail = way_out.token_for(riverside.house.secret, yusuf)
        sign_in = await riverside.unit(
            partial(issue, purpose=LINK, data={}, lasts=LINK_LASTS, account_id=yusuf)
        )
        away = {"account": f"@hillside@{self.stage.hillside.settings.domain}"}
        asked: tuple[dict[str, str], ...] = (
            {},
            away,
            away | {"uri": self.kept["repair"]},
            {"account": "no handle"},
        )
        return [
            *(f"/follow?{urlencode(values)}" for values in asked),
            f"/interact?{urlencode({'uri': 'https://elsewhere.example/notes/1'})}",
            *(f"/unsubscribe/{token}", "/unsubscribe/half-of-it"),
            *(f"/mail/{mail}", f"/mail/{mail}/stop/vote", f"/mail/{mail}/stop/digest"),
            *(urlsplit(link).path, "/join/used-up"),
            *(f"/sign-in/link/{sign_in}", "/sign-in/link/used-up"),
            *await joining_links(riverside),
            *await visitor_links(riverside, self.kept["repair"]),
        ]

    async def members(self) -> list[str]:
        """What looks different to a member."""
        ways = ("/me/security", "/me/security/code", "/me/security/passkey")
        groups = ("/groups", "/groups/choir", "/@harbour")
        own = ("/me/profile", "/me/skills", "/me/data", "/me/email/from-a-letter")
        told = ("/me/notifications", "/me/notices")
        board = ("/board", "/board/new", self.kept["lift"], f"{self.kept['lift']}/edit", self.kept["beds"])
        return [
            "/",
            "/me",
            *await self._roles(),
            *ways,
            *own,
            *told,
            *board,
            *groups,
            "/about/holders",
            "/moderation/decisions",
            "/me/reports",
            "/me/strikes",
            *self._of("open evening", "cooperative"),
        ]

    async def _roles(self) -> list[str]:
        """Who holds which role, and a recall that members can support."""
        riverside = self.stage.riverside
        tomas, yusuf = riverside.people["tomas"].id, riverside.people["yusuf"].id
        found = await self._one(f"SELECT id FROM office WHERE account_id = '{tomas}' AND group_id = ''")
        recall = await riverside.unit(
            lambda unit: ask_recall(unit, found, yusuf, "Too many posts wait too long.")
        )
        return ["/roles", "/roles/recalls/new", f"/roles/recalls/{recall}"]

    async def nameless(self) -> list[str]:
        """What a member without a public handle sees where one would write."""
        answer = "/comments/new?" + urlencode({"uri": self.kept["repair"]})
        return ["/me/handle", answer, f"/posts/{await self._one(_REF.format('announcement'))}"]

    async def persons(self) -> list[str]:
        """What looks different to a member with a public handle."""
        return [
            *("/@greta", "/me/handle", "/me/handle/followers"),
            *(
                "/comments/new?" + urlencode({"uri": self.kept["repair"]}),
                f"/events/remote/{await self._one(_EVENT)}",
            ),
            f"/proposals/{await self._one(_REF.format('proposal'))}",
            f"/posts/{await self._one(_REF.format('announcement'))}",
            f"{urlsplit(self.kept['cousins']).path}/edit",
        ]

    async def staff(self) -> list[str]:
        """What moderators and admins see besides."""
        comment = await self._one(_COMMENT)
        return [
            *(
                "/",
                "/me",
                "/admin",
                "/about/holders/edit",
                "/write",
                "/scheduled",
                "/events/new",
                "/proposals/new",
            ),
            *(f"/admin/{tab}" for tab in TABS),
            *("/groups", "/@harbour", "/groups/choir", "/groups/choir/notes/new"),
            *(f"/admin/members/{await self._one(_LENA)}", "/admin/skills?q=first", "/admin/members?q=nobody"),
            *(f"/groups/harbour/{form}" for form in ("members", "edit", "close", "followers")),
            f"/admin/applications/{await self._one(_WAITING)}",
            f"/admin/queue/{await self._one(_GROUP)}",
            await fill_lists(self.stage.riverside),
            *await strike_somebody(self.stage.riverside, await self._one(_LENA)),
            "/about/moderation",
            *await self._reports(),
            "/admin/decisions?what=approve&since=2026-01-01",
            *(f"/admin/rules/{page}" for page in ("new", "stranger-reply", "tried", "tried?rule=stranger")),
            f"/admin/log/in/{await self._one(_IN)}",
            f"/admin/log/out/{await self._one(_OUT)}",
            f"/admin/peers/{self.stage.hillside.settings.domain}",
            f"/admin/messages/{await self._one(_WRITER)}",
            f"/admin/messages/new?to=hillside@{self.stage.hillside.settings.domain}",
            *self._of("repair", "open evening", "cooperative", "benches", "mill"),
            *(f"{path}/{form}" for path in self._of("repair", "open evening") for form in ("edit", "delete")),
            *(f"{path}/{form}" for path in self._of("open evening") for form in ("answers", "cancel")),
            *(f"{path}/{form}" for path in self._of("benches") for form in ("edit", "open")),
            "/comments/new?" + urlencode({"uri": self.kept["repair"]}),
            f"/comments/{comment}/edit",
        ]

    async def _reports(self) -> list[str]:
        """What moderators see of reports that came and one that was sent."""
        riverside, chapter = self.stage.riverside, self.stage.hillside.settings.chapter_uri
        lena, ines = riverside.people["lena"].id, riverside.people["ines"].id
        return [
            "/admin/reports?way=out",
            "/admin/reports/send?" + urlencode({"uri": chapter}),
            *await reported(riverside, lena, chapter),
            *await sent(riverside, ines, chapter),
        ]
