"""Proposals as they travel: Article, Question and Note out; the same of other chapters, and votes, in.

Sources: DESIGN §4; wire.md §2.2 (Mastodon shows name, summary and link of an Article), §2.4 (polls: every rule there),
§2.5 (interactionPolicy); FEP-b2b8 (Article with name, summary, url, preview), FEP-9967 (polls), FEP-e232 (object link).
"""

from dataclasses import dataclass
from html import escape
from typing import Any

from ...errors import PeerRefused
from ...evidence import recompute
from ...evidence.statements import from_counts, from_rules
from ...federation.audience import Audience
from ...federation.incoming import Claim
from ...federation.registry import claims
from ...tally import OPTIONS, explain
from ...text import clean, plain
from ...vocab.context import LD_JSON, compact
from ...vocab.policy import interaction_policy
from ...vocab.read import (
    id_of,
    int_of,
    language_of,
    objects_of,
    text_of,
    time_of,
    type_of,
    url_of,
)
from ...vocab.uris import is_uri, same_origin
from ...words import mark, say, speaking, spoken
from .draft import OpinionGiven
from .service.remote import RemoteFacts, RemoteTotals
from .service.rows import CLOSED, DISCUSSION, VOTING, WITHDRAWN, ProposalRow, Totals, rules_of
from .service.words import OUTCOMES, deadline_words, option_words, result_line, rules_words

Json = dict[str, Any]
STAGES = frozenset({DISCUSSION, VOTING, CLOSED, WITHDRAWN})
NAME_CHARS_MAX, LINE_CHARS_MAX, CONTENT_CHARS_MAX, LANGUAGE_CHARS_MAX = 300, 480, 100_000, 16
_APART = mark(
    "Only members of the chapter decide, on the page of the proposal. "
    "Answers from other accounts are counted apart, as public opinion."
)


@dataclass(frozen=True, slots=True)
class Frame:
    """What the documents need to know besides the proposal: who publishes, who may quote, the zone of times."""

    chapter_uri: str
    zone: str
    quotes: str

    @property
    def shared(self) -> Json:
        """Author, audience and who may quote: the same for everything about a proposal."""
        address = Audience("public").address(f"{self.chapter_uri}/followers")
        policy = interaction_policy(self.quotes, owner_uri=self.chapter_uri)
        return {"attributedTo": self.chapter_uri, **address, "interactionPolicy": policy}


def from_time(moment: Any) -> str | None:
    """A time as Mastodon writes it, to the second, or None."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ") if moment is not None else None


def to_summary(row: ProposalRow, frame: Frame) -> str:
    """Stage, deadline and how to take part, as text: all that Mastodon shows besides the name."""
    if row.stage == VOTING:
        rules = rules_words(rules_of(row.opening_document))
        until = say("Vote open until %(when)s.", when=deadline_words(row, frame.zone))
        return f"{until} {say(_APART)} {rules}"
    if row.stage == CLOSED:
        return say("The vote is over. %(result)s", result=result_line(recompute(row.result_document)))
    if row.stage == WITHDRAWN:
        return say("This proposal was withdrawn; there will be no vote on it.")
    return say(
        "A proposal under discussion: answer this post to take part. The text may still change before the vote."
    )


def to_article(row: ProposalRow, frame: Frame) -> Json:
    """The proposal. `updated` moves with every edit and transition: without it Mastodon shows no change."""
    summary = escape(to_summary(row, frame), quote=False)
    updated = row.changed_at if row.changed_at != row.published_at else None
    document = {
        "id": row.uri,
        "type": "Article",
        **frame.shared,
        "name": row.title,
        "summary": summary,
        "content": row.html,
        "url": row.uri,
        "published": from_time(row.published_at),
        "updated": from_time(updated),
        "replies": f"{row.uri}/replies",
        "context": f"{row.uri}/context",
        "preview": {
            "type": "Note",
            "content": f"<p><strong>{escape(row.title)}</strong></p><p>{summary}</p>",
        },
        "fc:stage": row.stage,
        "fc:version": row.version,
        "fc:versionHash": row.version_hash,
        "fc:versions": f"{row.uri}/versions",
        **_vote_facts(row),
    }
    return compact(document)


def _vote_facts(row: ProposalRow) -> Json:
    """What is known once a vote was opened, and once it was closed."""
    if not row.opening:
        return {}
    return {
        "fc:poll": row.poll_uri,
        "fc:opening": row.opening_uri,
        "fc:deadline": from_time(row.closes_at),
        "fc:rules": from_rules(rules_of(row.opening_document)),
        "fc:result": row.result_uri if row.result else None,
        "fc:outcome": row.outcome or None,
    }


def to_question(row: ProposalRow, totals: Totals, frame: Frame) -> Json:
    """The vote as a poll, in the language in which it was opened: answers are matched by their exact names.

    Never an `updated`: the text is fixed, and Mastodon would take it for an edit.
    """
    with speaking(row.poll_language or spoken()):
        return _question(row, totals, frame)


def _question(row: ProposalRow, totals: Totals, frame: Frame) -> Json:
    document = {
        "id": row.poll_uri,
        "type": "Question",
        **frame.shared,
        "content": _question_text(row, frame),
        "url": row.uri,
        "published": from_time(row.opened_at),
        "endTime": from_time(row.closes_at),
        "closed": from_time(row.closes_at) if row.stage == CLOSED else None,
        "oneOf": [_option(option, totals) for option in OPTIONS],
        "votersCount": totals.voters,
        "context": f"{row.uri}/context",
        "tag": [{"type": "Link", "href": row.uri, "mediaType": LD_JSON, "name": row.title}],
        "fc:stage": row.stage,
        "fc:proposal": row.uri,
        "fc:members": from_counts(totals.members),
        "fc:publicOpinion": from_counts(totals.others),
        **{name: fact for name, fact in _vote_facts(row).items() if name != "fc:poll"},
    }
    return compact(document)


def _option(option: str, totals: Totals) -> Json:
    replies = {"type": "Collection", "totalItems": totals.together(option)}
    return {"type": "Note", "name": option_words(option), "replies": replies}


def _question_text(row: ProposalRow, frame: Frame) -> str:
    page = f'<a href="{row.uri}">{escape(row.uri.partition("://")[2])}</a>'
    until = escape(deadline_words(row, frame.zone))
    asked = say("Shall this proposal pass? Open until %(when)s.", when=until)
    together = say("The totals here are both together; the page shows them apart.")
    where = say("The proposal, and the ballot for members: %(page)s", page=page)
    return (
        f"<p><strong>{escape(row.title)}</strong></p><p>{asked}</p>"
        f"<p>{say(_APART)} {together}</p><p>{where}</p>"
    )


def to_outcome(row: ProposalRow, frame: Frame) -> Json:
    """The public Note that says in words how it ended, and how one counts again."""
    report = recompute(row.result_document)
    sentences = " ".join(escape(sentence) for sentence in explain(report))
    said = row.result_document["fc:publicOpinion"]
    others = say("Public opinion, not counted: %(yes)s yes, %(no)s no, %(abstain)s abstain.", **said)
    page = f'<a href="{row.uri}">{escape(row.uri.partition("://")[2])}</a>'
    content = (
        f"<p><strong>{say(OUTCOMES[row.outcome])}: {escape(row.title)}</strong></p><p>{sentences}</p>"
        f"<p>{others}</p><p>{say('The signed result, to count again: %(page)s', page=page)}</p>"
    )
    document = {
        "id": row.outcome_uri,
        "type": "Note",
        **frame.shared,
        "content": content,
        "url": row.uri,
        "published": from_time(row.changed_at),
        "context": f"{row.uri}/context",
        "tag": [{"type": "Link", "href": row.uri, "mediaType": LD_JSON, "name": row.title}],
        "fc:outcome": row.outcome,
        "fc:proposal": row.uri,
        "fc:result": row.result_uri,
    }
    return compact(document)


def to_activity(type_: str, document: Json, chapter_uri: str) -> Json:
    """Create or Update around one of these."""
    return {"type": type_, "actor": chapter_uri, "object": document}


def to_vote(given: OpinionGiven) -> Json:
    """Create of a Note with a name and no content: how everybody votes (wire.md §2.4)."""
    note = {
        "id": given.note_uri,
        "type": "Note",
        "attributedTo": given.person_uri,
        "to": [given.owner_uri],
        "inReplyTo": given.poll_uri,
        "name": given.name,
    }
    return {"type": "Create", "actor": given.person_uri, "object": note}


def to_delete(uri: str, chapter_uri: str) -> Json:
    """Delete{Tombstone}."""
    return {"type": "Delete", "actor": chapter_uri, "object": {"id": uri, "type": "Tombstone"}}


@claims("vote")
def claims_vote(claim: Claim) -> bool:
    """A Note with a name and no content that answers something: how everybody votes (wire.md §2.4, FEP-9967)."""
    note = claim.object
    if type_of(note) != "Note" or text_of(note, "name") is None or note.get("attachment"):
        return False
    return id_of(note.get("inReplyTo")) is not None and text_of(note, "content") is None


@claims("proposal")
def claims_proposal(claim: Claim) -> bool:
    """An Article that says its stage."""
    return type_of(claim.object) == "Article" and bool(stage_of(claim.object))


@claims("poll")
def claims_poll(claim: Claim) -> bool:
    """A Question that says the stage of its proposal; other polls are announcements."""
    return type_of(claim.object) == "Question" and bool(stage_of(claim.object))


def stage_of(document: Json) -> str:
    """The stage that it says, or an empty string."""
    stage = document.get("fc:stage")
    return stage if isinstance(stage, str) and stage in STAGES else ""


def from_article(document: Json) -> RemoteFacts:
    """Another chapter's proposal; addresses on other servers than its own are dropped. Raises PeerRefused."""
    uri, stage = str(id_of(document)), stage_of(document)
    if not stage:
        raise PeerRefused("no-stage", "the proposal does not say its stage")
    outcome, url = document.get("fc:outcome"), url_of(document) or ""
    return RemoteFacts(
        uri=uri,
        stage=stage,
        outcome=outcome if isinstance(outcome, str) and outcome in OUTCOMES else "",
        name=plain(text_of(document, "name", NAME_CHARS_MAX) or "")[:NAME_CHARS_MAX] or say("Untitled"),
        html=clean(text_of(document, "content", CONTENT_CHARS_MAX) or ""),
        line=plain(text_of(document, "summary") or "")[:LINE_CHARS_MAX],
        url=url if is_uri(url) else uri,
        language=(language_of(document) or "")[:LANGUAGE_CHARS_MAX],
        poll_uri=_own(uri, document.get("fc:poll")),
        result_uri=_own(uri, document.get("fc:result")),
        version_hash=(text_of(document, "fc:versionHash") or "")[:71],
        deadline_at=time_of(document, "fc:deadline"),
        published_at=time_of(document, "published"),
        updated_at=time_of(document, "updated"),
    )


def from_question(document: Json) -> RemoteTotals:
    """The figures of another chapter's poll."""
    uri = str(id_of(document))
    return RemoteTotals(
        uri=uri,
        proposal_uri=_own(uri, document.get("fc:proposal")),
        members=_figures(document, "fc:members"),
        others=_figures(document, "fc:publicOpinion"),
        names=_names(document),
        final=time_of(document, "closed") is not None,
    )


def _names(document: Json) -> dict[str, str]:
    # Ours stand in the order of OPTIONS, in whatever language: to_question.
    named = [(text_of(one, "name") or "")[:NAME_CHARS_MAX] for one in objects_of(document.get("oneOf"))]
    return dict(zip(OPTIONS, named, strict=True)) if len(named) == len(OPTIONS) else {}


def _own(uri: str, value: object) -> str:
    found = id_of(value)
    return found if found is not None and same_origin(found, uri) else ""


def _figures(document: Json, name: str) -> dict[str, int]:
    figures = next(iter(objects_of(document.get(name))), {})
    return {option: max(int_of(figures, option) or 0, 0) for option in OPTIONS}
