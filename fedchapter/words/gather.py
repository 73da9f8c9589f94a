"""Every text of the code and the templates, gathered for the translators: `deploy/catalogs` runs this module.

GNU gettext PO files through Babel; Jinja's own reading of templates. A catalog names the file of each text but no line
and no time, so that it changes only when a text does. A text that is said no more goes with its translation.
"""

import ast
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2.ext import babel_extract

from .catalogs import FOLDER, LANGUAGES

PACKAGE = Path(__file__).parent.parent
# The calls whose arguments are texts, with the places of the singular and, where there is one, the plural.
CALLS = {
    "say": (0,),
    "mark": (0,),
    "say_many": (0, 1),
    "flash": (2,),
    "Refusal": (1,),
    "NotFound": (1,),
    "Forbidden": (1,),
    "TooMany": (1,),
    "Kind": (1,),
}
# Rooms for whoever runs the server.
ENGLISH = frozenset({"cli", "app", "settings"})
_TEMPLATE_CALLS = ("_", "gettext", "ngettext")
_TEMPLATE_OPTIONS = {
    "extensions": "jinja2.ext.i18n,jinja2.ext.do",
    "trimmed": "true",
    "newstyle_gettext": "true",
}
_HEADER = """msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
Text = tuple[str, ...]


def texts_of_python(source: str) -> Iterator[Text]:
    """The texts of one module: (one,) or (singular, plural)."""
    for call in calls_of_python(ast.parse(source)):
        found = [literals(argument) for argument in arguments(call)]
        if len(found) == len(CALLS[name_of(call)]):
            # Where one of two texts is said (`a if it else b`), both are texts.
            yield from zip(*found, strict=False)


def arguments(call: ast.Call) -> list[ast.expr]:
    """The arguments of such a call that are texts."""
    return [call.args[place] for place in CALLS[name_of(call)] if place < len(call.args)]


def literals(argument: ast.expr) -> list[str]:
    """The texts that the argument may be, as far as they stand in it."""
    if isinstance(argument, ast.IfExp):
        return literals(argument.body) + literals(argument.orelse)
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    return []


def calls_of_python(module: ast.Module) -> Iterator[ast.Call]:
    """Every call that says something to people."""
    return (node for node in ast.walk(module) if isinstance(node, ast.Call) and name_of(node) in CALLS)


def name_of(call: ast.Call) -> str:
    """The last name of what is called."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def texts_of_template(source: bytes) -> Iterator[Text]:
    """The texts of one template."""
    for _line, _function, found, _comments in babel_extract(
        BytesIO(source), _TEMPLATE_CALLS, (), _TEMPLATE_OPTIONS
    ):
        several = found if isinstance(found, tuple) else (found,)
        texts = tuple(text for text in several if isinstance(text, str))
        if texts:
            yield texts


def sources() -> list[Path]:
    """The modules and templates that speak to people; the command line speaks English."""
    found = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".html", ".xml")]
    return sorted(path for path in found if path.relative_to(PACKAGE).parts[0] not in ENGLISH)


def gather() -> dict[Text, list[str]]:
    """Every text with the files that say it; a plural takes in a singular of the same words."""
    found: dict[Text, set[str]] = {}
    for path in sources():
        name = path.relative_to(PACKAGE.parent).as_posix()
        if path.suffix == ".py":
            texts = list(texts_of_python(path.read_text(encoding="utf-8")))
        else:
            texts = list(texts_of_template(path.read_bytes()))
        for text in texts:
            found.setdefault(text, set()).add(name)
    for text in [text for text in found if len(text) == 2 and text[:1] in found]:
        found[text] |= found.pop(text[:1])
    return {text: sorted(places) for text, places in found.items() if text[0]}


def to_catalog(language: str, before: Catalog) -> bytes:
    """The catalog file of that language: every text, with its translation where `before` has one."""
    catalog = Catalog(locale=language)
    for text, places in gather().items():
        known = before.get(text[0])
        string = (
            known.string if known is not None and isinstance(known.string, tuple) == (len(text) == 2) else ""
        )
        catalog.add(text if len(text) == 2 else text[0], string, locations=[(place, 0) for place in places])
    written = BytesIO()
    write_po(written, catalog, width=0, omit_header=True, sort_output=True, include_lineno=False)
    header = _HEADER.format(language=language, plurals=catalog.plural_forms)
    return header.encode() + written.getvalue()


def find_catalog(language: str) -> Catalog:
    """What the file of that language says; an empty one where there is no file yet."""
    path = FOLDER / f"{language}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def write_catalogs() -> None:
    """The file of every language beside English has all texts and no others."""
    FOLDER.mkdir(exist_ok=True)
    for language in LANGUAGES:
        if language != "en":
            written = to_catalog(language, find_catalog(language))
            (FOLDER / f"{language}.po").write_bytes(written)


if __name__ == "__main__":
    write_catalogs()
