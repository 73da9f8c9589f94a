"""What commands print, refuse and explain."""

import click
import pytest

from fedchapter.cli.main import COMMANDS, main
from tests.cli.conftest import Command, Made

NAMES = [*COMMANDS, "admin create", "admin link"]


def find(name: str) -> click.Command:
    found: click.Command = main
    for word in name.split():
        assert isinstance(found, click.Group)
        deeper = found.get_command(click.Context(found), word)
        assert deeper is not None
        found = deeper
    return found


def test_every_command_has_help_with_an_example() -> None:
    without = [
        name
        for name in NAMES
        if not isinstance(find(name), click.Group) and f"fedchapter {name}" not in (find(name).epilog or "")
    ]
    assert without == []
    assert [name for name in NAMES if not find(name).get_short_help_str()] == []


@pytest.mark.parametrize("name", NAMES)
def test_help_is_printed(fedchapter: Command, name: str) -> None:
    shown = fedchapter(*name.split(), "--help")
    assert shown.exit_code == 0
    assert "Usage: " in shown.stdout


def test_the_list_of_commands_is_printed(fedchapter: Command) -> None:
    shown = fedchapter("--help")
    assert [name for name in COMMANDS if f"  {name} " not in shown.stdout] == []


def test_a_wrong_setting_is_named_with_its_place_and_form(made: Made, fedchapter: Command) -> None:
    wrong = fedchapter("serve", "--config", made.config, env={"FEDCHAPTER_LISTEN_PORT": "eighty"})
    assert wrong.exit_code == 2
    assert (
        wrong.stderr
        == "Error in the settings: variable FEDCHAPTER_LISTEN_PORT: 'eighty' is not a port number\n"
    )


def test_a_variable_that_is_no_setting_is_named(made: Made, fedchapter: Command) -> None:
    wrong = fedchapter("peers", "--config", made.config, env={"FEDCHAPTER_LISTENPORT": "80"})
    assert wrong.exit_code == 2
    assert "variable FEDCHAPTER_LISTENPORT: there is no setting called 'listenport'" in wrong.stderr


def test_a_wrong_line_of_the_file_is_named(made: Made, fedchapter: Command) -> None:
    path = made.folder / "fedchapter.toml"
    path.write_text(path.read_text().replace("#log_form =", "log_forms ="))
    wrong = fedchapter("peers", "--config", made.config)
    assert wrong.exit_code == 2
    assert f"{made.config}, [server] log_forms: there is no setting called 'log_forms'" in wrong.stderr


def test_without_settings_the_places_are_named(fedchapter: Command) -> None:
    lost = fedchapter("peers")
    assert lost.exit_code == 2
    assert "/etc/fedchapter/fedchapter.toml" in lost.stderr
    assert "fedchapter init" in lost.stderr


def test_a_missing_database_is_not_made_by_looking_for_it(made: Made, fedchapter: Command) -> None:
    (made.folder / "fedchapter.sqlite3").unlink()
    for arguments in (("peers",), ("serve", "--migrate"), ("worker",)):
        lost = fedchapter(*arguments, "--config", made.config)
        assert lost.exit_code == 2
        assert "is not there" in lost.stderr
    assert not (made.folder / "fedchapter.sqlite3").exists()


def test_another_chapters_database_is_refused(made: Made, fedchapter: Command) -> None:
    other = fedchapter("peers", "--config", made.config, env={"FEDCHAPTER_DOMAIN": "other.example"})
    assert other.exit_code == 2
    assert f"the database belongs to {made.origin}/@rivertown" in other.stderr


def test_settings_that_lower_the_guard_are_warned_about(made: Made, fedchapter: Command) -> None:
    env = {"FEDCHAPTER_PRIVATE_NETWORKS": "10.0.0.0/8", "FEDCHAPTER_LISTEN_HOST": "no such host.invalid"}
    started = fedchapter("serve", "--config", made.config, env=env)
    assert "Warning: private_networks is set" in started.stderr
    assert "10.0.0.0/8" in started.stderr
    assert "Warning: This chapter is on localhost" in started.stderr


def test_an_announcement_is_posted_from_standard_input(made: Made, fedchapter: Command) -> None:
    posted = fedchapter("post", "--config", made.config, "--title", "Minutes", text="We **met**. #river")
    assert posted.exit_code == 0, posted.stderr
    assert f"Published: {made.origin}/announcements/" in posted.stdout


def test_an_announcement_can_wait_for_its_time(made: Made, fedchapter: Command) -> None:
    later = fedchapter("post", "--config", made.config, "--schedule", "2099-05-01 09:00", text="Later.")
    assert "Will be published at 2099-05-01 09:00 UTC" in later.stdout
    never = fedchapter("post", "--config", made.config, "--schedule", "tomorrow", text="Later.")
    assert never.exit_code == 1
    assert "Write it like 2027-05-01 09:00" in never.stderr


def test_an_empty_announcement_is_refused_in_a_sentence(made: Made, fedchapter: Command) -> None:
    refused = fedchapter("post", "--config", made.config, text=" \n")
    assert (refused.exit_code, refused.stderr) == (1, "Error: Write something first.\n")


def test_admins_get_links(made: Made, fedchapter: Command) -> None:
    created = fedchapter("admin", "create", "--config", made.config, "--role", "moderator")
    assert f"{made.origin}/join/" in created.stdout
    assert "becomes moderator" in created.stdout
    unknown = fedchapter("admin", "link", "Nobody", "--config", made.config)
    assert unknown.exit_code == 1
    assert "Nobody here is called Nobody" in unknown.stderr


def test_deliveries_and_peers_of_a_new_chapter_are_none(made: Made, fedchapter: Command) -> None:
    assert "none yet" in fedchapter("deliveries", "--config", made.config).stdout
    assert "follows 0" in fedchapter("peers", "--config", made.config).stdout
    assert fedchapter("deliveries", "--retry", "--config", made.config).stdout.startswith("0 will be tried")


def test_a_handle_that_is_none_is_refused_with_the_form(made: Made, fedchapter: Command) -> None:
    refused = fedchapter("follow", "somebody", "--config", made.config)
    assert refused.exit_code == 1
    assert "Write it like @name@social.example" in refused.stderr


def test_what_cannot_be_fetched_is_said_without_a_traceback(made: Made, fedchapter: Command) -> None:
    refused = fedchapter("fetch", "http://localhost:9/x", "--config", made.config)
    assert refused.exit_code == 1
    assert "plain-http" in refused.stderr


def test_handlers_are_listed_with_their_place(fedchapter: Command) -> None:
    shown = fedchapter("handlers")
    assert "Follow" in shown.stdout
    assert "fedchapter/objects/follow/inbox.py:" in shown.stdout
    assert "FollowAsked" in shown.stdout
    only = fedchapter("handlers", "--verb", "Block")
    assert "Block" in only.stdout
    assert "FollowAsked" not in only.stdout
