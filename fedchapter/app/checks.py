"""What is looked at before a chapter starts: the schema, where the database lies, and settings that lower the guard.

SQLite on a network file system loses data, because its locks are not kept there (sqlite.org/faq.html, question 5).
"""

from collections.abc import Iterator
from pathlib import Path

from ..errors import Refusal, SettingsError
from ..mail.post import to_server
from ..settings import Settings
from ..store.kinds import Reads
from ..store.migrate import plan_migrations
from .types import model_modules

# Locks on these are missing, late, or kept on one machine only: two processes would write over each other.
NETWORK_FILE_SYSTEMS = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb3",
        "smbfs",
        "9p",
        "afs",
        "ceph",
        "glusterfs",
        "lustre",
        "ncpfs",
        "fuse.sshfs",
    }
    | {"fuse.glusterfs", "fuse.s3fs", "fuse.rclone", "fuse.davfs", "fuse.gcsfuse", "davfs"}
)
# A delivery may take 30 s, twice (second knock).
SHORTEST_LEASE_S = 65
LARGE_BYTES = 2 * 1024**3
MOUNTS = Path("/proc/mounts")


def sqlite_path(settings: Settings) -> Path | None:
    """The database file, or None for PostgreSQL."""
    if not settings.database.startswith("sqlite:"):
        return None
    return Path(settings.database.removeprefix("sqlite://").removeprefix("sqlite:"))


def file_system_of(path: Path, mounts: str) -> str:
    """The type of the file system that holds `path`, from the text of /proc/mounts; empty when unknown."""
    best, found = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        point = Path(fields[1].encode().decode("unicode_escape")) if len(fields) > 2 else None
        # A later line of the same place hides the earlier one.
        if point is not None and path.is_relative_to(point) and len(point.parts) >= best:
            best, found = len(point.parts), fields[2]
    return found


def check_there(settings: Settings) -> None:
    """The SQLite file exists; raises SettingsError, since opening would make an empty one."""
    path = sqlite_path(settings)
    if path is not None and not path.exists():
        raise SettingsError(f"database: {path} is not there. Make a chapter with `fedchapter init`.")


async def check_founded(reads: Reads, settings: Settings) -> None:
    """The database holds this chapter; raises SettingsError for an empty one, and for another chapter's."""
    rows = await reads.rows("SELECT uri FROM actor WHERE local = true AND type = 'Group'")
    uris = [row["uri"] for row in rows]
    if settings.chapter_uri in uris:
        return
    if uris:
        raise SettingsError(
            f"domain and username: the database belongs to {', '.join(uris)}, not to {settings.chapter_uri}. "
            "Neither can be changed once a chapter is made."
        )
    raise SettingsError("database: there is no chapter in it. Make one with `fedchapter init`.")


def check_place(settings: Settings, mounts: str | None = None) -> None:
    """The SQLite file is not on a network file system; raises SettingsError."""
    path = sqlite_path(settings)
    if path is None:
        return
    if mounts is None:
        mounts = MOUNTS.read_text(encoding="utf-8", errors="replace") if MOUNTS.exists() else ""
    kind = file_system_of(path.parent.resolve(), mounts)
    if kind in NETWORK_FILE_SYSTEMS:
        raise SettingsError(
            f"database: {path} is on a network file system ({kind}), where SQLite's locks are not kept and data "
            "is lost. Put the data folder on a local disk, or use PostgreSQL."
        )


async def check_schema(settings: Settings) -> None:
    """No migration is waiting; raises Refusal naming the command."""
    waiting = await plan_migrations(settings, model_modules())
    if waiting:
        raise Refusal(
            "schema",
            f"The database is not at this version's schema ({len(waiting)} to go: {', '.join(waiting)}). "
            "Back up, then run `fedchapter migrate`, or start with --migrate.",
        )


def check_mail(settings: Settings) -> None:
    """The mail server in the settings can be understood; raises SettingsError. Nobody is asked."""
    if settings.smtp:
        to_server(settings.smtp)


def warnings_of(settings: Settings) -> Iterator[str]:
    """One sentence for each thing that an admin should know at every start."""
    if settings.extra_ca_file is not None:
        yield f"extra_ca_file is set: whoever holds the key of {settings.extra_ca_file} can pose as any server."
    if settings.private_networks:
        named = ", ".join(str(network) for network in settings.private_networks)
        yield f"private_networks is set: other servers can make this one connect to machines in {named}."
    if settings.localhost_ports and not settings.local_trial:
        ports = ", ".join(str(port) for port in settings.localhost_ports)
        yield f"localhost_ports is set: other servers can make this one connect to this machine's ports {ports}."
    if settings.local_trial:
        yield "This chapter is on localhost, over plain http: for trying out only. Nobody else can reach it."
    if settings.lease_s < SHORTEST_LEASE_S and not settings.local_trial:
        yield f"lease_s is {settings.lease_s}: a slow delivery could be sent a second time before the first ends."
    path = sqlite_path(settings)
    if path is not None and path.exists() and path.stat().st_size > LARGE_BYTES:
        size = path.stat().st_size / 1024**3
        yield f"The database has {size:.1f} GB. SQLite carries that, but PostgreSQL will be faster to back up."
