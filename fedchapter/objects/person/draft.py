"""What a member says of themselves in public."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PersonDraft:
    """What everybody everywhere may see of a member who has a handle; `source` is Markdown.

    `discoverable`: may be recommended and listed elsewhere; `indexable`: posts may be found by search.
    """

    name: str
    source: str = ""
    discoverable: bool = False
    indexable: bool = False
    approves_followers: bool = True


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """A post that is shown here names actors of ours; `named` may hold others than persons."""

    uri: str
    named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrivateWord:
    """Somebody wrote to persons of ours alone; what they wrote was not kept."""

    sender_uri: str
    named: tuple[str, ...]
