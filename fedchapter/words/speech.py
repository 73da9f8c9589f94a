"""Saying a text in the current language.

Python's gettext; the current language is a context variable, so each request and each letter has its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from .catalogs import LANGUAGES, PSEUDO, catalog

_LANGUAGE: ContextVar[str] = ContextVar("language", default="en")


def spoken() -> str:
    """The current language: a code of LANGUAGES."""
    return _LANGUAGE.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Inside, everything is said in that language; one we do not have becomes English."""
    known = language if language in LANGUAGES or language == PSEUDO else "en"
    token = _LANGUAGE.set(known)
    try:
        yield
    finally:
        _LANGUAGE.reset(token)


def say(message: str, /, **values: Any) -> str:
    """The text in the current language, with its values in their places."""
    said = catalog(spoken()).gettext(message) if message else ""
    return said % values if values else said


def choose_form(one: str, many: str, count: int) -> str:
    """The form for that number, its places not yet filled: for templates, which fill them themselves."""
    return catalog(spoken()).ngettext(one, many, count)


def say_many(one: str, many: str, count: int, /, **values: Any) -> str:
    """The form for that number; `%(count)s` (and Jinja's `%(num)s`) is the number."""
    return choose_form(one, many, count) % {"count": count, "num": count, **values}


def mark(message: str) -> str:
    """The same text: only for the catalogs to find what is said later with `say(variable)`."""
    return message
