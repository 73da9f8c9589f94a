"""The catalogs have every text of the code and no others, and a translation keeps what a text carries."""

import ast
import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from fedchapter.words import LANGUAGES
from fedchapter.words.catalogs import FOLDER
from fedchapter.words.gather import (
    PACKAGE,
    arguments,
    calls_of_python,
    find_catalog,
    gather,
    literals,
    sources,
    texts_of_python,
    texts_of_template,
    to_catalog,
)

TRANSLATED = [language for language in LANGUAGES if language != "en"]
PLACE = re.compile(r"%\((\w+)\)s|%%")
TAG = re.compile(r"</?\w+[^>]*>")


def messages(language: str) -> Iterator[tuple[Message, list[str], list[str]]]:
    """Each message with its English forms and its translated ones."""
    for message in find_catalog(language):
        if message.id:
            ids = list(message.id) if isinstance(message.id, tuple) else [message.id]
            strings = list(message.string) if isinstance(message.string, tuple) else [message.string]
            yield message, ids, [str(string) for string in strings]


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalog_has_every_text_and_no_other(language: str) -> None:
    known = {tuple(ids) for _message, ids, _strings in messages(language)}
    said = set(gather())
    assert sorted(said - known) == [], "run deploy/catalogs, and translate what is new"
    assert sorted(known - said) == [], "run deploy/catalogs"


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_catalog_is_written_as_deploy_catalogs_writes_it(language: str) -> None:
    written = (FOLDER / f"{language}.po").read_bytes()
    assert to_catalog(language, find_catalog(language)) == written, "run deploy/catalogs"


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_names_the_same_values(language: str) -> None:
    wrong = []
    for _message, ids, strings in messages(language):
        # The singular may leave the number out, and so may its translation.
        allowed = {place for text in ids for place in PLACE.findall(text)}
        needed = set.intersection(*(set(PLACE.findall(text)) for text in ids))
        wrong += [
            string for string in strings if string and not needed <= set(PLACE.findall(string)) <= allowed
        ]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_translation_has_the_same_markup(language: str) -> None:
    assert [
        string
        for _message, ids, strings in messages(language)
        for string in strings
        if string and sorted(TAG.findall(string)) != sorted(TAG.findall(ids[-1]))
    ] == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_nothing_in_the_catalog_is_a_guess(language: str) -> None:
    assert [message.id for message, _ids, _strings in messages(language) if message.fuzzy] == []


def test_no_text_is_marked_as_markup_by_two_percent_signs() -> None:
    # `%(name)s` inside a {% trans %} block comes out as it stands: there a value is written {{ name }}.
    assert [text for text in gather() if "%%(" in text[0]] == []


def test_no_text_is_put_together_before_it_is_looked_up() -> None:
    wrong = []
    for path in (path for path in sources() if path.suffix == ".py"):
        module = ast.parse(path.read_text(encoding="utf-8"))
        plain = set(constants(module))
        said = [argument for call in calls_of_python(module) for argument in arguments(call)]
        wrong += [
            f"{path.relative_to(PACKAGE)}:{argument.lineno} {ast.unparse(argument)[:80]}"
            for argument in said
            if isinstance(argument, ast.JoinedStr | ast.BinOp) or root_of(argument) in plain
        ]
    assert wrong == []


def constants(module: ast.Module) -> Iterator[str]:
    """Names of the module that hold sentences nobody marked."""
    for node in module.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            values = node.value.values if isinstance(node.value, ast.Dict) else [node.value]
            if any(" " in text for value in values for text in literals(value)):
                yield node.targets[0].id


def root_of(argument: ast.expr) -> str:
    """The name whose value the argument is, or which it is taken from."""
    if isinstance(argument, ast.Subscript):
        return root_of(argument.value)
    return argument.id if isinstance(argument, ast.Name) else ""


def test_texts_are_found_in_code() -> None:
    source = (
        'say("one", a=1); mark("two " "three"); say_many("%(count)s bird", "%(count)s birds", n)\n'
        'Refusal("code", "four"); flash(request, answer, "five" if it else "six"); raise NotFound\n'
        'say(variable); Refusal("code", words[code]); say(f"seven {x}")'
    )
    assert set(texts_of_python(source)) == {
        ("one",),
        ("two three",),
        ("%(count)s bird", "%(count)s birds"),
        ("four",),
        ("five",),
        ("six",),
    }


def test_texts_are_found_in_templates() -> None:
    source = (
        b"{{ _('one') }}{{ _(word) }}{{ f(_('two %(x)s', x=1)) }}{% trans a=b %}three\n  <b>{{ a }}</b>{% endtrans %}"
        b"{{ ngettext('%(num)s bird', '%(num)s birds', n) }}{% do list.append(_('four')) %}"
    )
    assert list(texts_of_template(source)) == [
        ("one",),
        ("two %(x)s",),
        ("three <b>%(a)s</b>",),
        ("%(num)s bird", "%(num)s birds"),
        ("four",),
    ]
