"""Letters on their way: to a real mail server, into files, again after a failure, and not to those who left."""

import logging
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from ssl import SSLContext

import pytest

from fedchapter.house.letters import send_letter, send_sign_in_link
from fedchapter.mail import Letter, is_unsubscribed
from fedchapter.members import Role, create_account
from fedchapter.store import Unit
from tests.mail.conftest import PASSWORD, USER, MailServer, check_login
from tests.support.network import Chapter, World

LETTER = Letter("ana@example.org", "News from the river", "We meet on Friday.")


async def write(chapter: Chapter, letter: Letter = LETTER) -> None:
    await chapter.unit(lambda unit: send_letter(unit, letter))


async def jobs(chapter: Chapter) -> list[tuple[str, int]]:
    rows = await chapter.rows("SELECT state, attempts FROM job WHERE name = 'mail' ORDER BY id")
    return [(row["state"], row["attempts"]) for row in rows]


def files(chapter: Chapter) -> list[EmailMessage]:
    """What lies in the outbox folder."""
    found = sorted((chapter.settings.data / "outbox").glob("*.eml"))
    return [message_from_bytes(path.read_bytes(), EmailMessage, policy=policy.default) for path in found]


async def test_a_letter_arrives_once_and_its_text_stays_nowhere(
    each_world: World, mail_server: MailServer
) -> None:
    await mail_server.start()
    chapter = await each_world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    await write(chapter)
    await chapter.settle()
    await chapter.settle()
    [letter] = mail_server.letters
    assert letter["To"] == "ana@example.org"
    # The name stays away where mail is discreet.
    assert letter["From"] == "chapter@riverside.test"
    assert letter.get_content().strip() == "We meet on Friday."
    assert await jobs(chapter) == [("done", 1)]
    assert await chapter.count("letter") == 0
    assert "Friday" not in str(await chapter.rows("SELECT * FROM job"))


async def test_nothing_leaves_when_the_unit_fails(world: World) -> None:
    chapter = await world.chapter()

    async def fails(unit: Unit) -> None:
        await send_letter(unit, LETTER)
        raise RuntimeError

    with pytest.raises(RuntimeError):
        await chapter.unit(fails)
    await chapter.settle()
    assert files(chapter) == []


async def test_without_a_mail_server_letters_are_files_for_us_alone(world: World) -> None:
    chapter = await world.chapter(mail_from="hello@riverside.test")
    await write(chapter)
    await chapter.settle()
    [letter] = files(chapter)
    assert letter["From"].addresses[0].addr_spec == "hello@riverside.test"
    [path] = (chapter.settings.data / "outbox").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


async def test_a_letter_is_tried_again_with_the_same_id(
    each_world: World, mail_server: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    await mail_server.start()
    chapter = await each_world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    mail_server.refuses_recipient = "451 come back later"
    with caplog.at_level(logging.INFO):
        await write(chapter)
        await chapter.settle()
    assert await jobs(chapter) == [("due", 1)]
    assert "Friday" not in caplog.text
    [before] = await chapter.rows("SELECT id FROM letter")
    mail_server.refuses_recipient = ""
    each_world.move(minutes=5)
    await chapter.settle()
    [letter] = mail_server.letters
    assert letter["Message-ID"] == f"<{before['id']}@riverside.test>"
    assert await jobs(chapter) == [("done", 2)]


@pytest.mark.parametrize("where", ["recipient", "letter"])
async def test_what_is_refused_for_good_is_not_tried_again(
    world: World, mail_server: MailServer, where: str
) -> None:
    await mail_server.start()
    chapter = await world.chapter(smtp=f"smtp://127.0.0.1:{mail_server.port}")
    setattr(mail_server, f"refuses_{where}", "550 no such person")
    await write(chapter)
    await chapter.settle()
    assert await jobs(chapter) == [("done", 1)]
    assert await chapter.count("letter") == 0


async def test_a_mail_server_that_is_down_costs_no_letter(world: World, mail_server: MailServer) -> None:
    await mail_server.start()
    port = mail_server.port
    await mail_server.stop()
    chapter = await world.chapter(smtp=f"smtp://127.0.0.1:{port}")
    await write(chapter)
    await chapter.settle()
    assert await jobs(chapter) == [("due", 1)]
    assert await chapter.count("letter") == 1


async def test_a_password_is_shown_only_over_tls(
    world: World, mail_server: MailServer, certificate: tuple[Path, SSLContext]
) -> None:
    ca_file, context = certificate
    login = {"authenticator": check_login, "auth_required": True}
    await mail_server.start(tls_context=context, require_starttls=True, **login)
    user = f"{USER.decode()}:{PASSWORD.decode().replace('@', '%40').replace(' ', '%20')}"
    url = f"smtp://{user}@localhost:{mail_server.port}?starttls=yes"
    chapter = await world.chapter(smtp=url, extra_ca_file=str(ca_file))
    await write(chapter)
    await chapter.settle()
    assert mail_server.secure == [True]
    stranger = await world.chapter("hillside", smtp=url)
    await write(stranger)
    await stranger.settle()
    assert len(mail_server.letters) == 1
    assert await jobs(stranger) == [("due", 1)]


async def test_tls_from_the_first_byte_works_too(
    world: World, mail_server: MailServer, certificate: tuple[Path, SSLContext]
) -> None:
    ca_file, context = certificate
    await mail_server.start(ssl_context=context)
    url = f"smtps://localhost:{mail_server.port}"
    chapter = await world.chapter(smtp=url, extra_ca_file=str(ca_file))
    await write(chapter)
    await chapter.settle()
    assert len(mail_server.letters) == 1


async def test_whoever_left_a_list_gets_no_more_of_it(each_world: World) -> None:
    chapter = await each_world.chapter()
    news = Letter("ana@example.org", "News", "Text", list_id="announcements")
    await write(chapter, news)
    await chapter.settle()
    [letter] = files(chapter)
    url = str(letter["List-Unsubscribe"]).strip("<>")
    assert url.startswith("https://riverside.test/unsubscribe/announcements.")
    async with chapter.client() as client:
        page = await client.get(url)
        assert (page.status_code, "No more of these mails?" in page.text) == (200, True)
        assert await chapter.count("unsubscribed") == 0
        one_click = {"Sec-Fetch-Site": "cross-site", "Origin": "https://mail.example", "Accept": "*/*"}
        for _ in range(2):
            body = {"List-Unsubscribe": "One-Click"}
            answer = await client.post(url, data=body, headers=one_click)
            assert (answer.status_code, "set-cookie" in answer.headers) == (200, False)
        assert (await client.post(url.replace("announcements", "events"))).status_code == 404
    assert await chapter.count("unsubscribed") == 1
    assert await chapter.run(is_unsubscribed(chapter.house.database, "Ana@example.org", "announcements"))
    await write(chapter, news)
    await write(chapter, Letter("ana@example.org", "Events", "Text", list_id="events"))
    await write(chapter, Letter("ben@example.org", "News", "Text", list_id="announcements"))
    await chapter.settle()
    assert sorted((one["To"], one["Subject"]) for one in files(chapter)) == [
        ("ana@example.org", "Events"),
        ("ana@example.org", "News"),
        ("ben@example.org", "News"),
    ]
    assert await chapter.count("letter") == 0


async def test_a_link_to_sign_in_comes_by_mail_and_opens_once(each_world: World) -> None:
    chapter = await each_world.chapter()
    account = await chapter.unit(
        lambda unit: create_account(unit, display_name="Ana", role=Role.MEMBER, email="ana@example.org")
    )
    await chapter.unit(lambda unit: send_sign_in_link(unit, account))
    await chapter.settle()
    [letter] = files(chapter)
    text = letter.get_content()
    assert text.startswith("Hello Ana,")
    [link] = [line for line in text.splitlines() if line.startswith("https://riverside.test/sign-in/link/")]
    async with chapter.client() as client:
        for expected in (303, 404):
            answer = await client.post(link)
            assert answer.status_code == expected


async def test_d6_asking_for_a_link_does_not_tell_who_is_a_member(world: World) -> None:
    chapter = await world.chapter()
    await chapter.unit(
        lambda unit: create_account(unit, display_name="Ana", role=Role.MEMBER, email="ana@example.org")
    )
    async with chapter.client() as client:
        pages = [
            await client.post("/sign-in/link", data={"email": email})
            for email in ("ana@example.org", "who@example.org")
        ]
        assert pages[0].text.replace("ana@", "who@") == pages[1].text
        assert (await client.post("/sign-in/link", data={"email": "nonsense"})).status_code == 400
    await chapter.settle()
    assert [letter["To"] for letter in files(chapter)] == ["ana@example.org"]
