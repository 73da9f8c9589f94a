"""The signature base of RFC 9421: one line for each covered component, then the signature parameters.

RFC 9421 §2 (components of a request), §2.5 (the base). `sf`, `key` and `tr` are refused: they need the type
of the field or its trailers, and nobody in the fediverse sends them; `req` has no meaning in a request.
"""

from base64 import b64encode
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, unquote

from fedchapter.signatures.fields import InnerList, Item, write
from fedchapter.signatures.message import Fields, SignatureError, Target, get_field, malformed

_MOST_COVERED = 50
_MOST_QUERY_PARAMS = 100

_DERIVED: dict[str, Callable[[Target], str]] = {
    "@target-uri": lambda target: target.uri,
    "@authority": lambda target: target.authority,
    "@scheme": lambda target: target.scheme,
    "@request-target": lambda target: target.request_target,
    "@path": lambda target: target.path,
    "@query": lambda target: "?" + (target.query or ""),
}


def signature_base(method: str, target: Target, fields: Fields, covered: InnerList) -> bytes:
    """The bytes that are signed; SignatureError if a component is unknown, absent or comes twice."""
    if len(covered.value) > _MOST_COVERED:
        raise malformed("bad-header", "The signature covers more than any real one.")
    lines: dict[str, str] = {}
    for item in covered.value:
        name = write(item)
        if name in lines:
            raise malformed("bad-header", f"The signature covers {name} twice.")
        lines[name] = component(item, method, target, fields)
    lines['"@signature-params"'] = write(covered)
    try:
        return "\n".join([f"{name}: {value}" for name, value in lines.items()]).encode("ascii")
    except UnicodeEncodeError as error:
        raise malformed("bad-header", "A covered component is not ASCII.") from error


def component(item: Item, method: str, target: Target, fields: Fields) -> str:
    """The value of one covered component."""
    name = item.value
    if type(name) is not str:
        raise malformed("bad-header", "A covered component is not named by a string.")
    if name == "@query-param":
        return _query_param(item, target)
    if name.startswith("@"):
        if item.params:
            raise _unsupported(name)
        if name == "@method":
            return method
        if name not in _DERIVED:
            raise _unsupported(name)
        return _DERIVED[name](target)
    if not item.params:
        return get_field(fields, name)
    if item.params == {"bs": True} and name in fields:
        return ", ".join([_wrapped(value) for value in fields[name]])
    raise _unsupported(name)


def _query_param(item: Item, target: Target) -> str:
    wanted = item.params.get("name")
    if len(item.params) != 1 or not isinstance(wanted, str):
        raise _unsupported("@query-param")
    try:
        pairs = parse_qsl(target.query or "", keep_blank_values=True, max_num_fields=_MOST_QUERY_PARAMS)
    except ValueError as error:
        raise malformed("bad-url", "The query string has too many parameters.") from error
    found = [value for name, value in pairs if name == unquote(wanted)]
    if len(found) != 1:
        raise SignatureError("missing-header", "A covered query parameter is not there exactly once.")
    # The percent-encode set of HTML forms, with %20 for a space (RFC 9421 §2.2.8).
    return quote(found[0], safe="*").replace("~", "%7E")


def _wrapped(value: str) -> str:
    try:
        return f":{b64encode(value.encode('latin-1')).decode()}:"
    except UnicodeEncodeError as error:
        raise malformed("bad-header", "A covered header has characters that no header can have.") from error


def _unsupported(name: str) -> SignatureError:
    return SignatureError("unknown-component", f"The signature covers {name!r} in a way we do not know.")
