"""What another server says became of our report."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """`flag_uri` is the id of our Flag; `outcome` is acted, none, duplicate, fine or open (it is looked at again)."""

    flag_uri: str
    outcome: str
