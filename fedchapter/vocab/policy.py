"""What others may do with a public object of ours, as Mastodon and GoToSocial read it.

Sources: FEP-044f (canQuote; a missing policy means nobody); wire.md §2.5 (GoToSocial reads the same property for
likes, replies and boosts, and in older versions under `always`).
"""

from .read import Json
from .uris import PUBLIC


def interaction_policy(quotes: str, *, owner_uri: str, locked: bool = False) -> Json:
    """`quotes` is the chapter's choice: public, followers or nobody (then only the owner, as Mastodon writes it).

    What is `locked` takes replies of its owner only.
    """
    open_to_all: Json = {"always": [PUBLIC], "automaticApproval": [PUBLIC]}
    quoters = {"public": PUBLIC, "followers": f"{owner_uri}/followers"}.get(quotes, owner_uri)
    return {
        "canLike": open_to_all,
        "canReply": {"always": [owner_uri], "automaticApproval": [owner_uri]} if locked else open_to_all,
        "canAnnounce": open_to_all,
        "canQuote": {"automaticApproval": [quoters]},
    }
