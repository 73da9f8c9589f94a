"""Signed statements about decisions: what was put to the vote, under which rules, and what came out.

May import `signatures` and `tally` (and `errors`); pure: no database, no network, no web library.

Decision: a result is worth what a stranger can check. So an opening is signed before the first ballot and
names the exact text, the rules in whole numbers and the size of the roll; a result names the hash of that
opening and carries the counts, so that any chapter, and any person with the command line, counts again. Only
standard parts: SHA-256 over RFC 8785 JSON, Ed25519 proofs after FEP-8b32. A signature proves which server
spoke, not that its officers were honest about who is a member; no names and no ballots are in these
statements.

Builders raise ValueError: a wrong statement of ours is a bug. Readers raise PeerRefused with a stable code.
"""

from fedchapter.evidence.canonical import canonical_bytes, check_canonical, content_hash, version_hash
from fedchapter.evidence.check import check_opening, check_result, recompute
from fedchapter.evidence.proof import sign, verify
from fedchapter.evidence.statements import CONTEXT, NS, Document, Roll, opening, result, version

__all__ = [
    "CONTEXT",
    "NS",
    "Document",
    "Roll",
    "canonical_bytes",
    "check_canonical",
    "check_opening",
    "check_result",
    "content_hash",
    "opening",
    "recompute",
    "result",
    "sign",
    "verify",
    "version",
    "version_hash",
]
