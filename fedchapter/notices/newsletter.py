"""What a letter of news looks like: plain text, the same as simple HTML, and the calendar entry of a single event.

Decision: no pictures and no counting of who opened what; a subject that says nothing about the chapter unless an admin
wants it to, because subjects are read over shoulders and on locked screens.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from ..mail import Letter
from ..mail.letter import SUBJECT_MAX
from ..mail.news import CHANGED, SHOWN_MAX, Item
from ..mail.subscribers import ONCE, Subscriber
from ..text import excerpt, human_when
from ..words import say, say_many, spoken

EXCERPT_CHARS = 400
SIZE = Markup('style="max-width:36em;line-height:1.5;font-family:sans-serif"')


@dataclass(frozen=True, slots=True)
class Desk:
    """What every letter of the chapter has in common."""

    chapter: str
    home: str
    discreet: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing in a letter, in words."""

    title: str
    lines: tuple[str, ...]
    text: str
    url: str


def to_letter(
    desk: Desk, reader: Subscriber, items: Sequence[Item], *, change_url: str, stop_url: str
) -> Letter:
    """The letter in the language that is spoken; `items` are not empty, one more than shown where there are more."""
    pieces = [to_piece(item) for item in items[:SHOWN_MAX]]
    heading = say("News of %(chapter)s", chapter=desk.chapter)
    more = desk.home if len(items) > SHOWN_MAX else ""
    return Letter(
        reader.email,
        to_subject(desk, pieces),
        to_text(heading, pieces, more, change_url),
        to_html(heading, pieces, more, change_url, stop_url),
        list_id="news",
        unsubscribe_url=stop_url,
        calendar=items[0].calendar if len(items) == 1 and reader.how == ONCE else "",
    )


def to_subject(desk: Desk, pieces: Sequence[Piece]) -> str:
    """One line: how many, or what of."""
    if desk.discreet:
        return say_many("News for you (%(count)s)", "News for you (%(count)s)", len(pieces))
    if len(pieces) == 1:
        return excerpt(f"{desk.chapter}: {_printable(pieces[0].title)}", SUBJECT_MAX)
    words = say_many(
        "%(chapter)s: %(count)s new thing",
        "%(chapter)s: %(count)s new things",
        len(pieces),
        chapter=desk.chapter,
    )
    return excerpt(words, SUBJECT_MAX)


def to_piece(item: Item) -> Piece:
    """The item in words; a short post without a title is called by its beginning."""
    lines = []
    if item.change == CHANGED:
        lines.append(say("The time or the place is new:"))
    if item.start_at is not None:
        lines.append(human_when(item.start_at, item.end_at, item.zone or "UTC", spoken()))
    if item.place:
        lines.append(item.place)
    text = excerpt(item.html, EXCERPT_CHARS)
    title = item.title or excerpt(text, 80) or item.url
    return Piece(title, tuple(lines), "" if text == title else text, item.url or item.uri)


def to_text(heading: str, pieces: Sequence[Piece], more: str, change_url: str) -> str:
    """As plain text."""
    parts = [
        heading,
        *("\n".join(filter(None, (one.title, *one.lines, one.text, one.url))) for one in pieces),
    ]
    if more:
        parts.append(say("There is more: %(url)s", url=more))
    parts.append(say("What you get, and how often, you change here: %(url)s", url=change_url))
    return "\n\n".join(parts)


def to_html(heading: str, pieces: Sequence[Piece], more: str, change_url: str, stop_url: str) -> str:
    """As HTML, everything escaped: what it says comes from posts and from the chapter's name."""
    body = Markup().join(_section(one) for one in pieces)
    if more:
        body += Markup('<p><a href="{}">{}</a></p>').format(more, say("There is more"))
    foot = Markup('<hr><p><a href="{}">{}</a> · <a href="{}">{}</a></p>').format(
        change_url, say("Change what you get"), stop_url, say("No more of these")
    )
    frame = Markup(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><title>{}</title></head>'
        '<body><div {} dir="auto"><h1>{}</h1>{}{}</div></body></html>'
    )
    return str(frame.format(spoken(), heading, SIZE, heading, body, foot))


def _section(piece: Piece) -> Markup:
    lines = Markup("<br>").join(piece.lines)
    return (
        Markup('<h2 dir="auto"><a href="{}">{}</a></h2>').format(piece.url, piece.title)
        + (Markup('<p dir="auto"><b>{}</b></p>').format(lines) if piece.lines else Markup())
        + (Markup('<p dir="auto">{}</p>').format(piece.text) if piece.text else Markup())
    )


def _printable(text: str) -> str:
    return "".join(sign for sign in text if sign.isprintable())
