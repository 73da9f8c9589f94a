"""A member who chose nothing public lives a whole life in the chapter, and is then looked for everywhere outside.

Issue of members: database, logs, mails and federated messages are searched, and every page and document that a visitor
or another server can reach.
"""

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx
import pytest

from fedchapter.members import Role
from fedchapter.members.identities import Proved, link_proved
from fedchapter.store.choices import choose
from fedchapter.vocab.context import ACTIVITY_JSON
from tests.objects.board.test_board import ENTRY, overhear
from tests.objects.event.made import follow, publish
from tests.objects.proposal.votes import proposed
from tests.objects.sister.test_sisters import made_sisters
from tests.site.letters import letters
from tests.site.people import PASSWORD, member, sign_in
from tests.support.network import Chapter, World

NAME, EMAIL, NEW_EMAIL = "Zuzana Quist", "zuzana@letters.test", "quist@letters.test"
LEGAL, PHONE, SKILL, HANDLE = "Maria Zvonimira", "+1 312 555 0177", "Falconry", "@zq@social.test"
# Whatever tells who she is, in any spelling.
WORDS = re.compile(r"zuzana|quist|zvonimira|555.?0177|falconry|@?zq@social", re.IGNORECASE)
# Where members and their letters are; nothing of these is served or sent to another server.
INSIDE = {"account", "identity", "detail", "skill", "letter", "notice", "session", "invitation"}
LIMIT = 300


@dataclass(slots=True)
class Life:
    """What there is to look through afterwards."""

    riverside: Chapter
    hillside: Chapter
    heard: list[str]
    account_id: str
    found: list[str] = field(default_factory=list)

    def look(self, where: str, text: str, *, also_id: bool = True) -> None:
        """Notes where she can be read; her account's id is as telling, outside."""
        told = WORDS.search(text)
        if told or (also_id and self.account_id in text):
            self.found.append(f"{where}: {told[0] if told else 'her id'}")


async def live(world: World) -> Life:
    """She joins in with everything that a member can do, but for what is public by its nature."""
    riverside, hillside = await made_sisters(world)
    ada = world.stranger()
    await follow(ada, riverside)
    heard = overhear(world)
    account = await member(riverside, NAME, email=EMAIL)
    staff = await riverside.signed_in(Role.ADMIN, "Ana")
    for name in ("ask_legal_name", "ask_phone"):
        await riverside.unit(lambda unit, name=name: choose(unit, name, "yes"))
    proved = Proved("https://social.test/users/zq", HANDLE, "social.test")
    await riverside.unit(lambda unit: link_proved(unit, account.id, proved))
    event, case = await publish(riverside), await proposed(riverside)
    await case.open()
    await world.settle()
    client = riverside.client()
    await _take_part(client, riverside, event.id, case.path)
    await _keep_house(staff, account.id)
    await world.settle()
    world.move(days=2)
    await world.settle()
    return Life(riverside, hillside, heard, account.id)


async def _take_part(client: httpx.AsyncClient, chapter: Chapter, event_id: str, proposal: str) -> None:
    await sign_in(client, NAME)
    steps = {
        f"/events/{event_id}/answer": {"answer": "yes"},
        f"{proposal}/vote": {"choice": "yes"},
        "/board/new": ENTRY | {"shared": "yes", "named": "yes"},
        "/me/skills": {"skill_more": SKILL, "who": "groups"},
        "/me/profile": {"display_name": NAME, "email": NEW_EMAIL, "legal_name": LEGAL, "phone": PHONE},
    }
    for path, form in steps.items():
        answer = await client.post(path, data=form)
        assert answer.status_code == 303, (path, answer.status_code, answer.text)
    for path in ("/", "/me", "/me/data", "/me/data.json", "/board", proposal, f"/events/{event_id}"):
        assert (await client.get(path)).status_code == 200, path
    await client.get("/no-such-page?name=" + NAME)
    await sign_in(client, NAME, "a wrong password")
    await sign_in(client, EMAIL, PASSWORD)


async def _keep_house(staff: httpx.AsyncClient, account_id: str) -> None:
    """What is done about her by others."""
    assert (await staff.get("/admin/members?q=zuzana")).status_code == 200
    assert (await staff.post(f"/admin/members/{account_id}/link")).status_code == 200
    assert (
        await staff.post(f"/admin/dues/{account_id}", data={"good_until": "2099-01-01"})
    ).status_code == 303


async def crawl(chapter: Chapter, life: Life, accept: str) -> int:
    """Everything that leads on from the front page was opened, signed in as nobody; returns how much that was."""
    visitor = chapter.client()
    waiting = [
        "/",
        "/feed.xml",
        "/actor",
        "/@riverside/outbox?page=true",
        "/nodeinfo/2.1",
        "/proposals",
        "/groups",
    ]
    seen: set[str] = set()
    while waiting and len(seen) < LIMIT:
        url = urljoin(chapter.settings.origin, waiting.pop())
        path = urlsplit(url)._replace(scheme="", netloc="", fragment="").geturl()
        if urlsplit(url).netloc != chapter.host or path in seen:
            continue
        seen.add(path)
        answer = await visitor.get(path, headers={"Accept": accept})
        text = answer.text + str(answer.headers)
        life.look(f"GET {path}", text)
        waiting += re.findall(r'(?:href|src|action)="([^"#]+)"', text)
        waiting += [found for found in re.findall(r'"(https://[^"]+)"', text) if chapter.host in found]
    return len(seen)


async def test_a_member_who_chose_nothing_public_is_found_nowhere_outside(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    life = await live(world)
    for number, message in enumerate(life.heard):
        life.look(f"message {number} over the wires", message)
    assert await crawl(life.riverside, life, "text/html") > 20
    assert await crawl(life.riverside, life, ACTIVITY_JSON) > 10
    for name in ("zuzana", "zuzana-quist", "zuzana_quist", "quist", "zq"):
        visitor = life.riverside.client()
        finger = f"/.well-known/webfinger?resource=acct:{name}@{life.riverside.host}"
        assert (await visitor.get(finger)).status_code == 404
        assert (await visitor.get(f"/@{name}")).status_code == 404
    for letter in letters(life.riverside):
        if letter["To"] not in (EMAIL, NEW_EMAIL):
            life.look(f"letter to {letter['To']}", letter.as_string())
        life.look(f"subject of a letter to {letter['To']}", str(letter["Subject"]))
    out, err = capfd.readouterr()
    life.look("log", out + err, also_id=False)
    assert life.found == []


async def test_her_name_is_in_no_table_that_federates_and_in_none_of_another_chapter(world: World) -> None:
    life = await live(world)
    for chapter in (life.riverside, life.hillside):
        for table in await _tables(chapter):
            if chapter is life.riverside and table in INSIDE:
                continue
            rows = str(await chapter.rows(f"SELECT * FROM {table}"))
            life.look(f"{table} of {chapter.host}", rows, also_id=chapter is life.hillside)
    assert life.found == []


async def _tables(chapter: Chapter) -> list[str]:
    rows = await chapter.rows(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )
    return [row["name"] for row in rows]
