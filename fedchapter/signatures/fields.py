"""A strict reader and writer of the structured fields of signatures: dictionaries of items and inner lists.

RFC 8941 §3 and §4. Stricter than the RFC in one point: a key that comes twice is refused, where the RFC lets
the last one win, since two readers that differ there would read two different signatures.
"""

import re
from base64 import b64encode
from binascii import a2b_base64
from dataclasses import dataclass, field
from decimal import Decimal

from fedchapter.signatures.message import SignatureError, malformed

_LONGEST = 16_384

_KEY = re.compile(r"[a-z*][a-z0-9_\-.*]*")
_NUMBER = re.compile(r"-?[0-9]{1,15}(?![0-9.])|-?[0-9]{1,12}\.[0-9]{1,3}(?![0-9])")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9:/!#$%&'*+\-.^_`|~]*")
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_BOOLEAN = re.compile(r"\?([01])")
_ESCAPED = re.compile(r'\\(["\\])')
_COMMA = re.compile(r"[ \t]*,[ \t]*")


class Token(str):
    """A bare word, written without quotes."""

    __slots__ = ()


BareItem = bool | int | Decimal | str | bytes
Params = dict[str, BareItem]


@dataclass(frozen=True, slots=True)
class Item:
    """One value with its parameters."""

    value: BareItem
    params: Params = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InnerList:
    """Items in parentheses, with the parameters of the whole; `value` is the items."""

    value: tuple[Item, ...]
    params: Params = field(default_factory=dict)


Member = Item | InnerList


def read_dictionary(text: str) -> dict[str, Member]:
    """The members of a dictionary field, in order; SignatureError(400) if it is not one."""
    if len(text) > _LONGEST:
        raise malformed("bad-header", "A structured header is longer than any real one.")
    return _Reader(text).dictionary()


def write(member: Member) -> str:
    """The one canonical text of `member` (RFC 8941 §4.1)."""
    if isinstance(member, Item):
        return _write_bare(member.value) + _write_params(member.params)
    return "(" + " ".join([write(item) for item in member.value]) + ")" + _write_params(member.params)


def _write_params(params: Params) -> str:
    return "".join(
        [f";{key}" if value is True else f";{key}={_write_bare(value)}" for key, value in params.items()]
    )


def _write_bare(value: BareItem) -> str:
    if isinstance(value, bool):
        return "?1" if value else "?0"
    if isinstance(value, bytes):
        return f":{b64encode(value).decode()}:"
    if isinstance(value, Decimal):
        whole, _, fraction = f"{value:f}".partition(".")
        return f"{whole}.{fraction.rstrip('0') or '0'}"
    if isinstance(value, int | Token):
        return str(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


class _Reader:
    """Walks over `text`; every method leaves `at` behind what it read."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text.strip(" ")
        self.at = 0

    def dictionary(self) -> dict[str, Member]:
        members: dict[str, Member] = {}
        while self.at < len(self.text):
            key = self._key()
            if key in members:
                raise self._wrong(f"the key {key!r} comes twice")
            members[key] = self._member()
            if self.at == len(self.text):
                break
            self._take(_COMMA)
            if self.at == len(self.text):
                raise self._wrong("it ends in a comma")
        return members

    def _member(self) -> Member:
        if not self._skip("="):
            return Item(True, self._params())
        if self._skip("("):
            return self._inner_list()
        return self._item()

    def _inner_list(self) -> InnerList:
        items: list[Item] = []
        while True:
            self._spaces()
            if self._skip(")"):
                return InnerList(tuple(items), self._params())
            items.append(self._item())
            if self.text[self.at : self.at + 1] not in (" ", ")"):
                raise self._wrong("two items are not apart")

    def _item(self) -> Item:
        return Item(self._bare(), self._params())

    def _params(self) -> Params:
        params: Params = {}
        while self._skip(";"):
            self._spaces()
            key = self._key()
            if key in params:
                raise self._wrong(f"the parameter {key!r} comes twice")
            params[key] = self._bare() if self._skip("=") else True
        return params

    def _bare(self) -> BareItem:
        first = self.text[self.at : self.at + 1]
        if first == '"':
            content = self._take(_STRING)[1]
            return _ESCAPED.sub(r"\1", content) if "\\" in content else content
        if first == ":":
            return self._bytes()
        if first == "?":
            return self._take(_BOOLEAN)[1] == "1"
        if first == "-" or "0" <= first <= "9":
            number = self._take(_NUMBER)[0]
            return Decimal(number) if "." in number else int(number)
        return Token(self._take(_TOKEN)[0])

    def _bytes(self) -> bytes:
        encoded = self._take(_BYTES)[1]
        try:
            return a2b_base64(encoded, strict_mode=True)
        except ValueError as error:
            raise self._wrong("a byte sequence is not base64") from error

    def _key(self) -> str:
        return self._take(_KEY)[0]

    def _spaces(self) -> None:
        while self._skip(" "):
            pass

    def _skip(self, character: str) -> bool:
        if not self.text.startswith(character, self.at):
            return False
        self.at += 1
        return True

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise self._wrong("it cannot be read")
        self.at = found.end()
        return found

    def _wrong(self, why: str) -> SignatureError:
        return malformed("bad-header", f"A structured header is malformed at character {self.at}: {why}.")
