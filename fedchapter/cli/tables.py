"""Tables and times as commands print them: as wide as the terminal, or unwrapped into a pipe."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

PIPE_WIDTH = 240


def to_console() -> Console:
    """Standard output; wide where nobody looks at it."""
    console = Console(highlight=False)
    return console if console.is_terminal else Console(highlight=False, width=PIPE_WIDTH)


def show_table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """The rows under their titles. What other servers said is shown as it is, never as markup or control codes."""
    rows = list(rows)
    if not rows:
        return
    table = Table(*titles, box=box.SIMPLE_HEAD, pad_edge=False)
    for row in rows:
        table.add_row(*[plain(cell) for cell in row])
    to_console().print(table)


def plain(text: str) -> str:
    """The text in one line that cannot steer a terminal."""
    return escape("".join(char if char.isprintable() else " " for char in text))


def moment(at: datetime | None) -> str:
    """A time in UTC to the minute; empty when there is none."""
    return at.strftime("%Y-%m-%d %H:%M") if at else ""
