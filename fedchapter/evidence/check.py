"""Read a statement that somebody else signed, and count again: nothing in it is taken on trust.

Decisions §4.2 (Recount). Whether the signature is the chapter's is `verify`'s question; here it is whether
the statement makes sense, agrees with its opening, and says what its own counts say.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal, TypeVar

import msgspec

from fedchapter.errors import PeerRefused
from fedchapter.evidence.canonical import canonical_bytes, check_canonical, content_hash
from fedchapter.evidence.statements import from_report, from_time
from fedchapter.tally import METHOD, OPTIONS, TIE_RULE, Base, Counts, Quorum, Ratio, Report, Rules, tally


class _Part(msgspec.Struct, frozen=True, rename=lambda name: f"fc:{name}"):
    """A part of a statement whose properties are ours; what is unknown is kept by the hash and not read."""


class _Ratio(msgspec.Struct, frozen=True):
    num: int
    den: int


class _Quorum(_Part, frozen=True):
    share: _Ratio
    strict: bool
    minimum: int
    base: Literal["roll"]


class _Rules(_Part, frozen=True):
    threshold: _Ratio
    strict: bool
    base: Base
    quorum: _Quorum


class _Roll(_Part, frozen=True):
    count: int
    asOf: str  # noqa: N815 - the wire's word


class _Counts(msgspec.Struct, frozen=True):
    yes: int
    no: int
    abstain: int


class _Statement(_Part, frozen=True, kw_only=True):
    id: str = msgspec.field(name="id")
    chapter: str = msgspec.field(name="attributedTo")
    proposal: str
    version: str
    method: str
    rules: _Rules
    roll: _Roll


class _Opening(_Statement, frozen=True, kw_only=True):
    type: Literal["fc:PollOpen"] = msgspec.field(name="type")
    options: list[str]
    tie_rule: str = msgspec.field(name="fc:tieRule")
    opens_at: str = msgspec.field(name="fc:opensAt")
    closes_at: str = msgspec.field(name="fc:closesAt")
    secrecy: Literal["open", "hidden-from-members"]
    may_change: bool = msgspec.field(name="fc:mayChange")


class _Result(_Statement, frozen=True, kw_only=True):
    type: Literal["fc:TallyResult"] = msgspec.field(name="type")
    opening: str
    opening_hash: str = msgspec.field(name="fc:openingHash")
    closed_at: str = msgspec.field(name="fc:closedAt")
    counts: _Counts
    public_opinion: _Counts = msgspec.field(name="fc:publicOpinion")
    software: str


_S = TypeVar("_S", bound=_Statement)


def check_opening(document: Mapping[str, Any]) -> None:
    """Raise PeerRefused unless `document` is an opening that could be voted under: rules, times and roll."""
    _read_opening(document)


def recompute(document: Mapping[str, Any]) -> Report:
    """The report on the counts inside a result, under the rules inside it.

    Raises PeerRefused: `evidence-malformed` for what is not such a result, `evidence-recount-differs` when
    the quorum, threshold, ties or outcome that it states are not what its counts give.
    """
    statement = _read(document, _Result)
    rules = _to_rules(statement)
    try:
        report = tally(rules, _to_counts(statement.counts), statement.roll.count)
        _to_counts(statement.public_opinion)
    except ValueError as error:
        raise _malformed(str(error)) from None
    for name, found in from_report(report).items():
        if not _is_same(document.get(name), found):
            raise PeerRefused("evidence-recount-differs", f"counting again does not give the stated {name}")
    return report


def check_result(result: Mapping[str, Any], opening: Mapping[str, Any]) -> None:
    """Raise PeerRefused unless `result` answers exactly this `opening` and a recount gives the same.

    Codes as for `recompute`, and `evidence-other-opening` when what was fixed at the opening was changed
    since.
    """
    recompute(result)
    stated, declared = _read(result, _Result), _read_opening(opening)
    if stated.opening != declared.id or stated.opening_hash != content_hash(opening):
        raise PeerRefused("evidence-other-opening", "the result names another opening, or another text of it")
    for name in ("attributedTo", "fc:proposal", "fc:version", "fc:method", "fc:rules", "fc:roll"):
        if not _is_same(result[name], opening[name]):
            raise PeerRefused("evidence-other-opening", f"{name} is not what was declared at the opening")
    if to_time(stated.closed_at) < to_time(declared.closes_at):
        raise PeerRefused("evidence-other-opening", "the vote was closed before the announced time")


def to_time(text: str) -> datetime:
    """The moment of a UTC string ending in Z, to the second; raises PeerRefused for any other spelling."""
    try:
        moment_at = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise _malformed(f"{text!r} is not a UTC time such as 2026-11-21T18:00:00Z") from None
    # strptime takes "2026-1-1T..." too; one moment has one spelling here, since the spelling is hashed.
    if from_time(moment_at) != text:
        raise _malformed(f"{text!r} is not a UTC time such as 2026-11-21T18:00:00Z")
    return moment_at


def _read_opening(document: Mapping[str, Any]) -> _Opening:
    statement = _read(document, _Opening)
    _to_rules(statement)
    if tuple(statement.options) != OPTIONS or statement.tie_rule != TIE_RULE:
        raise _malformed(f"the options or the tie rule are not those of {METHOD}")
    opens_at, closes_at = to_time(statement.opens_at), to_time(statement.closes_at)
    if closes_at <= opens_at or to_time(statement.roll.asOf) > opens_at:
        raise _malformed("a vote has a roll of its opening or before, and closes after it opens")
    if statement.roll.count < 0:
        raise _malformed("a roll has no fewer than 0 members")
    return statement


def _read(document: Mapping[str, Any], kind: type[_S]) -> _S:
    try:
        check_canonical(document)
        return msgspec.convert(dict(document), kind)
    except (ValueError, msgspec.ValidationError) as error:
        raise _malformed(str(error)) from None


def _to_rules(statement: _Statement) -> Rules:
    wire = statement.rules
    try:
        return Rules(
            threshold=Ratio(wire.threshold.num, wire.threshold.den),
            strict=wire.strict,
            base=wire.base,
            quorum=Quorum(
                share=Ratio(wire.quorum.share.num, wire.quorum.share.den),
                strict=wire.quorum.strict,
                minimum=wire.quorum.minimum,
                base=wire.quorum.base,
            ),
            method=statement.method,
        )
    except ValueError as error:
        raise _malformed(str(error)) from None


def _to_counts(wire: _Counts) -> Counts:
    return Counts(wire.yes, wire.no, wire.abstain)


def _is_same(left: object, right: object) -> bool:
    """Equal as JSON: in Python True is 1, in a signed statement it is not."""
    return canonical_bytes({"": left}) == canonical_bytes({"": right})


def _malformed(message: str) -> PeerRefused:
    return PeerRefused("evidence-malformed", message)
