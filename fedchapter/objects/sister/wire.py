"""Offers between chapters as they travel.

ActivityStreams Vocabulary §2 (Offer), §3 (Relationship); our relationship is `sisterChapter` of our own namespace.
wire.md §3.2: what is answered or undone is inlined.
"""

from typing import Any

from ...vocab.context import NAMESPACE
from ...vocab.read import id_of, type_of
from .draft import OfferRef

RELATIONSHIP = f"{NAMESPACE}sisterChapter"


def to_offer(offer: OfferRef) -> dict[str, Any]:
    """The Offer."""
    relationship = {
        "type": "Relationship",
        "subject": offer.from_uri,
        "relationship": RELATIONSHIP,
        "object": offer.to_uri,
    }
    return {"id": offer.uri, "type": "Offer", "actor": offer.from_uri, "object": relationship}


def to_answer(offer: OfferRef, *, accepted: bool) -> dict[str, Any]:
    """Accept or Reject with the Offer inside."""
    return {"type": "Accept" if accepted else "Reject", "actor": offer.to_uri, "object": to_offer(offer)}


def to_undo(offer: OfferRef) -> dict[str, Any]:
    """Undo{Offer}."""
    return {"type": "Undo", "actor": offer.from_uri, "object": to_offer(offer)}


def is_offer_of(relationship: dict[str, Any], *, from_uri: str, to_uri: str) -> bool:
    """Whether the object of an Offer says that `from_uri` wants to be the sister of `to_uri`."""
    return (
        type_of(relationship) == "Relationship"
        and id_of(relationship.get("relationship")) == RELATIONSHIP
        and id_of(relationship.get("subject")) == from_uri
        and id_of(relationship.get("object")) == to_uri
    )
