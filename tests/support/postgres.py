"""A throw-away PostgreSQL cluster on loopback, and databases in it that live as long as one test.

The server never outlives the tests: a shell holds it and stops it when its standard input closes, which
happens even when the test process is killed.
"""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

# Durability is worth nothing here and costs most of the time.
SERVER_OPTIONS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
    "max_connections": "100",
}
HOLD_THE_SERVER = """
"$1/pg_ctl" -D "$2/data" -l "$2/log" -w -o "$3" start >"$2/start" 2>&1 || exit 1
echo ready
read -r _
"$1/pg_ctl" -D "$2/data" -m immediate stop >"$2/stop" 2>&1
cd / && rm -rf "$2"
"""


def find_programs() -> Path | None:
    """The folder of the server programs; Debian keeps them in a versioned folder that is not on the PATH."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = max(found, key=lambda program: int(program.parts[-3]), default=None)
    return newest.parent if newest else None


class Cluster:
    """A running server with a random password; `create` gives the URL of a new database, `drop` ends it."""

    def __init__(self, programs: Path) -> None:
        self.programs = programs
        self.password = secrets.token_hex(16)
        self.numbers = count(1)
        self.owner = _unprivileged()
        # Not under pytest's own folder: that is closed to the user whom the server runs as.
        self.folder = Path(tempfile.mkdtemp(prefix="fedchapter-pg-", dir="/tmp" if self.owner else None))
        try:
            self._initialise()
            self.holder, self.port = self._start()
        except BaseException:
            shutil.rmtree(self.folder, ignore_errors=True)
            raise

    def create(self, template: str = "template0") -> str:
        """The URL of a new database: empty, or a copy of the database of that name (nobody may be in it)."""
        name = f"test_{next(self.numbers)}"
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        return f"postgres://postgres:{self.password}@127.0.0.1:{self.port}/{name}"

    def drop(self, url: str) -> None:
        """The database is gone; who is still connected to it is thrown out."""
        self.execute(f"DROP DATABASE IF EXISTS {urlsplit(url).path.lstrip('/')} WITH (FORCE)")

    def execute(self, *sql: str, database: str = "postgres") -> str:
        """Runs each statement as the superuser, in that database; gives their rows as plain text."""
        where = ["--host=127.0.0.1", f"--port={self.port}", "--username=postgres", f"--dbname={database}"]
        options = ["-v", "ON_ERROR_STOP=1", *(f"--command={one}" for one in sql)]
        asked = subprocess.run(
            [self.programs / "psql", "-X", "-q", "-A", "-t", *where, *options],
            env=os.environ | {"PGPASSWORD": self.password},
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.returncode:
            raise RuntimeError(f"{'; '.join(sql)}: {asked.stderr}")
        return asked.stdout.strip()

    def stop(self) -> None:
        """The server has ended and its files are gone."""
        self.holder.communicate()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _initialise(self) -> None:
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if self.owner:
            for path in (self.folder, password_file):
                os.chown(path, self.owner.pw_uid, self.owner.pw_gid)
        options = ["--username=postgres", "--auth=password", "--encoding=UTF8", "--locale=C", "--no-sync"]
        made = subprocess.run(
            [self.programs / "initdb", "-D", self.folder / "data", f"--pwfile={password_file}", *options],
            capture_output=True,
            text=True,
            check=False,
            **self._as_owner(),
        )
        if made.returncode:
            raise RuntimeError(f"initdb failed: {made.stderr}")

    def _start(self) -> tuple[subprocess.Popen[str], int]:
        """The shell that holds the server, and its port; another one is tried if somebody was quicker."""
        for _attempt in range(5):
            port = _free_port()
            options = " ".join(f"-c {name}='{value}'" for name, value in SERVER_OPTIONS.items())
            holder = subprocess.Popen(
                ["sh", "-c", HOLD_THE_SERVER, "sh", self.programs, self.folder, f"{options} -p {port}"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                start_new_session=True,  # Ctrl-C is for the tests; the server is stopped by them
                **self._as_owner(),
            )
            assert holder.stdout is not None
            if holder.stdout.readline() == "ready\n":
                return holder, port
            holder.communicate()
        raise RuntimeError(f"PostgreSQL did not start: {(self.folder / 'start').read_text()}")

    def _as_owner(self) -> dict[str, Any]:
        """PostgreSQL refuses to run as root: the arguments that make a subprocess somebody else's."""
        as_owner: dict[str, Any] = {"cwd": self.folder}
        if self.owner:
            as_owner |= {"user": self.owner.pw_uid, "group": self.owner.pw_gid, "extra_groups": []}
        return as_owner


def _unprivileged() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return pwd.getpwnam("postgres" if "postgres" in names else "nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
