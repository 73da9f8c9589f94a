"""What is looked at before a chapter starts."""

import asyncio
import os
from pathlib import Path

import pytest

from fedchapter.app.checks import check_mail, check_place, file_system_of, warnings_of
from fedchapter.app.founding import bring_up
from fedchapter.app.types import model_modules
from fedchapter.errors import SettingsError
from fedchapter.settings import Settings, settings_from
from fedchapter.store.migrate import plan_migrations

MOUNTS = """\
/dev/sda1 / ext4 rw,relatime 0 0
nas:/export /srv/data nfs4 rw,vers=4.2 0 0
/dev/sdb1 /srv/data/fast xfs rw 0 0
//nas/share /mnt/with\\040space cifs rw 0 0
"""


def settings_at(path: str, **changes: object) -> Settings:
    return settings_from({"domain": "chapter.example", "name": "Chapter", "data": path} | changes)


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/var/lib/fedchapter", "ext4"),
        ("/srv/data/chapter", "nfs4"),
        ("/srv/data/fast/chapter", "xfs"),
        ("/srv/database", "ext4"),
        ("/mnt/with space", "cifs"),
    ],
)
def test_the_nearest_mount_says_which_file_system_a_path_is_on(path: str, kind: str) -> None:
    assert file_system_of(Path(path), MOUNTS) == kind


def test_sqlite_on_a_network_file_system_is_refused_with_the_reason() -> None:
    with pytest.raises(SettingsError, match=r"network file system \(nfs4\).*locks are not kept"):
        check_place(settings_at("/srv/data/chapter"), MOUNTS)


def test_a_local_disk_is_fine_and_postgresql_may_have_its_uploads_anywhere() -> None:
    check_place(settings_at("/srv/data/fast/chapter"), MOUNTS)
    check_place(settings_at("/srv/data/chapter", database="postgres://u:p@db.example/chapter"), MOUNTS)
    check_place(settings_at("/nowhere"), "")


def test_a_usual_chapter_starts_without_warnings(tmp_path: Path) -> None:
    assert list(warnings_of(settings_at(str(tmp_path)))) == []


def test_a_database_that_grew_large_is_warned_about(tmp_path: Path) -> None:
    settings = settings_at(str(tmp_path))
    with (tmp_path / "fedchapter.sqlite3").open("wb") as file:
        os.truncate(file.fileno(), 3 * 1024**3)
    assert [sentence for sentence in warnings_of(settings) if "3.0 GB" in sentence] != []


def test_what_lowers_the_guard_is_warned_about(tmp_path: Path) -> None:
    settings = settings_at(
        str(tmp_path), extra_ca_file="/etc/own.pem", private_networks="192.168.0.0/16", localhost_ports="9000"
    )
    said = " ".join(warnings_of(settings))
    assert [words for words in ("/etc/own.pem", "192.168.0.0/16", "ports 9000") if words not in said] == []


async def test_several_servers_that_start_at_once_migrate_postgresql_once(
    postgres_url: str, tmp_path: Path
) -> None:
    settings = settings_at(str(tmp_path), database=postgres_url)
    waiting = await plan_migrations(settings, model_modules())
    assert waiting[0] == "+ 0001_initial"
    steps = await asyncio.gather(*(bring_up(settings) for _ in range(4)))
    assert sorted(steps) == [[], [], [], waiting]
    assert await plan_migrations(settings, model_modules()) == []


def test_a_mail_server_that_cannot_be_understood_stops_the_start(tmp_path: Path) -> None:
    settings = settings_at(str(tmp_path), smtp="mail.example:25")
    with pytest.raises(SettingsError, match="smtp"):
        check_mail(settings)


def test_a_lease_shorter_than_a_delivery_is_warned_about(tmp_path: Path) -> None:
    settings = settings_at(str(tmp_path), lease_s=10)
    assert [sentence for sentence in warnings_of(settings) if "second time" in sentence] != []
