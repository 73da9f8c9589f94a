"""What can happen between two chapters that vouch for each other, or might."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OfferRef:
    """An Offer: its id, who made it, and to whom."""

    uri: str
    from_uri: str
    to_uri: str


@dataclass(frozen=True, slots=True)
class SisterOffered:
    """Our chapter asks another whether they want to be sisters."""

    offer: OfferRef


@dataclass(frozen=True, slots=True)
class SisterAnswered:
    """Our chapter said yes or no to another's offer (a no also ends what a yes began)."""

    offer: OfferRef
    accepted: bool


@dataclass(frozen=True, slots=True)
class SisterWithdrawn:
    """Our chapter took its offer back, or ended what came of it."""

    offer: OfferRef
