"""The recovery kit: two papers with which two officers can bring the chapter back without this machine and each other.

operations.md §2.2. Two whole copies and not two halves: splitting a secret is cryptography of one's own, and a half is
worth nothing on the day when one of the two cannot be reached.
"""

import html
import os
import socket
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from textwrap import wrap

from .. import __version__
from ..settings import Settings
from ..words import say, spoken
from .keep import backup_folder

COPIES = 2
WIDTH = 78
_STYLE = """body{font:12pt/1.5 Georgia,serif;max-width:42em;margin:2em auto;padding:0 1em;color:#111}h1{font-size:20pt}
h2{font-size:14pt;margin-top:1.6em}.secret{font:15pt/1.6 monospace;border:2px solid #111}
.secret{padding:.6em;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #999;padding:.5em;text-align:left;vertical-align:top}
td:last-child{width:60%}code{font-size:11pt;overflow-wrap:anywhere}@media print{body{margin:0}h2{break-after:avoid}}"""


@dataclass(frozen=True, slots=True)
class Kit:
    """What the papers say. `machine`: the server's own name for itself."""

    settings: Settings
    passphrase: str
    made_at: datetime
    machine: str

    @property
    def facts(self) -> list[tuple[str, str]]:
        """What whoever reads it must know."""
        settings = self.settings
        engine = "SQLite" if settings.database.startswith("sqlite:") else "PostgreSQL"
        return [
            (say("Chapter"), f"@{settings.username}@{settings.domain}"),
            (say("Address"), settings.origin),
            (say("Machine"), self.machine),
            (say("Data folder"), str(settings.data.absolute())),
            (say("Database"), engine),
            (say("Backups"), str(backup_folder(settings).absolute())),
            (say("Copied on by"), settings.backup_after or say("nothing: they are on that machine only")),
            (say("Software"), f"fedchapter {__version__}"),
        ]

    @property
    def steps(self) -> list[str]:
        """How to bring the chapter back."""
        return [
            say(
                "Find the newest backup: a file called chapter-….fcbackup, in the folder above or where its "
                "copies are."
            ),
            say(
                "Take a new machine with Debian, and install fedchapter there as its README says, in the version "
                "above or newer."
            ),
            say("Copy the backup to it, and run: fedchapter restore FILE --data /var/lib/fedchapter"),
            say(
                "Type the passphrase of this paper. The command says whether the backup is whole, and what was lost "
                "since."
            ),
            say("Make sure that the old machine never starts the server again."),
            say(
                "Point %(domain)s at the new machine (A and AAAA records), and start the server.",
                domain=self.settings.domain,
            ),
            say("Sign in, look at Admin, Health, and tell the members what was lost."),
        ]

    @property
    def blanks(self) -> list[str]:
        """What is filled in by hand."""
        return [
            say("Who holds the domain, at which registrar"),
            say("Who can sign in at the provider of the machine"),
            say("Where copies of the backups are"),
            say("Who has the other copy of this paper"),
            say("Name and date of whoever keeps this copy"),
        ]


def kit_folder(settings: Settings) -> Path:
    """Where a kit is written unless told otherwise."""
    return settings.data / "recovery-kit"


def find_kits(settings: Settings) -> list[Path]:
    """Papers that still lie there."""
    folder = kit_folder(settings)
    return sorted(folder.glob("officer-*")) if folder.is_dir() else []


def write_kits(settings: Settings, passphrase: str, now: datetime, folder: Path | None = None) -> list[Path]:
    """Both papers, each as a page to print and as plain text, are in the folder, readable by us alone."""
    folder = folder or kit_folder(settings)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    kit = Kit(settings, passphrase, now, socket.gethostname())
    written = []
    for number in range(1, COPIES + 1):
        for ending, text in (("html", to_page(kit, number)), ("txt", to_text(kit, number))):
            path = folder / f"officer-{number}.{ending}"
            _write(path, text)
            written.append(path)
    return written


def _write(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)


def _heading(kit: Kit, number: int) -> tuple[str, str]:
    title = say("Recovery kit of %(domain)s", domain=kit.settings.domain)
    made = say(
        "Copy %(number)s of %(copies)s, made on %(day)s.",
        number=number,
        copies=COPIES,
        day=f"{kit.made_at:%Y-%m-%d}",
    )
    return title, made


def _why() -> str:
    return say(
        "With this paper and one backup you can bring the chapter back on any machine, with its name, its keys and its "
        "followers. Whoever has both can read everything in it. Keep the paper where you keep your passport, apart "
        "from the other copy, and do not photograph it."
    )


def to_text(kit: Kit, number: int) -> str:
    """One copy as plain text."""
    title, made = _heading(kit, number)
    lines = [title, "=" * len(title), "", made, "", *wrap(_why(), WIDTH), ""]
    lines += [f"{term}: {value}" for term, value in kit.facts]
    lines += [
        "",
        say("Passphrase of the backups"),
        "",
        f"    {kit.passphrase}",
        "",
        say("How to bring the chapter back"),
        "",
    ]
    for count, step in enumerate(kit.steps, 1):
        lines += wrap(f"{count}. {step}", WIDTH, subsequent_indent="   ", break_on_hyphens=False)
    lines += ["", say("To be filled in by hand"), ""]
    lines += [f"{blank}:\n\n    ______________________________________________\n" for blank in kit.blanks]
    return "\n".join(lines) + "\n"


def to_page(kit: Kit, number: int) -> str:
    """One copy as a page to print, which needs nothing from anywhere."""
    title, made = (html.escape(text) for text in _heading(kit, number))
    facts = "".join(
        f"<tr><th scope=row>{html.escape(a)}</th><td>{html.escape(b)}</td></tr>" for a, b in kit.facts
    )
    steps = "".join(f"<li>{html.escape(step)}</li>" for step in kit.steps)
    blanks = "".join(
        f"<tr><th scope=row>{html.escape(blank)}</th><td>&nbsp;<br>&nbsp;</td></tr>" for blank in kit.blanks
    )
    head, how, hand = (
        html.escape(text)
        for text in (
            say("Passphrase of the backups"),
            say("How to bring the chapter back"),
            say("To be filled in by hand"),
        )
    )
    return (
        f'<!doctype html><html lang="{spoken()}"><meta charset="utf-8"><title>{title}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{_STYLE}</style><h1>{title}</h1><p>{made}</p>'
        f"<p>{html.escape(_why())}</p><table>{facts}</table><h2>{head}</h2>"
        f'<p class="secret">{html.escape(kit.passphrase)}</p><h2>{how}</h2><ol>{steps}</ol>'
        f"<h2>{hand}</h2><table>{blanks}</table></html>\n"
    )
