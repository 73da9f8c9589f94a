"""A receiver of polls with Mastodon's rules, to judge ours by: what it would refuse or misread is an error.

wire.md §2.4 (parser/poll_parser.rb, process_status_update_service.rb), §1.3 (id, context, media), §2.3 (visibility).
"""

from dataclasses import dataclass, field
from typing import Any

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"


@dataclass
class Poll:
    """One poll as a Mastodon server keeps it."""

    id: str = ""
    options: list[str] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    voters: int | None = None
    ends: str = ""
    closed: str | None = None
    edited: str | None = None
    text: str = ""

    def take(self, activity: dict[str, Any]) -> None:
        """A Create or Update of the Question; AssertionError for what Mastodon would drop."""
        question = activity["object"]
        assert activity["@context"][0] == "https://www.w3.org/ns/activitystreams"
        assert isinstance(question["type"], str)
        assert question["type"] == "Question"
        assert question["attributedTo"] == activity["actor"]
        assert PUBLIC in question["to"]
        assert PUBLIC in activity["to"]
        assert question["content"], "a Question without text is not shown"
        assert question["endTime"], "until 4.6.4 nobody could vote in a poll without an end"
        assert "anyOf" not in question
        if activity["type"] == "Create":
            self.id, self.text = question["id"], question["content"]
            self.options = [option["name"] for option in question["oneOf"]]
        else:
            self._check_implicit(question)
        assert len(set(self.options)) == len(self.options) <= 4
        assert all(0 < len(name) <= 50 for name in self.options)
        assert question.get("closed") is None or isinstance(question["closed"], str)
        self.totals = [option["replies"]["totalItems"] for option in question["oneOf"]]
        self.voters, self.ends = question["votersCount"], question["endTime"]
        self.closed = question.get("closed")
        assert self.voters == sum(self.totals)

    def _check_implicit(self, question: dict[str, Any]) -> None:
        """Figures are refreshed only while `updated` is the one known, and the options are the same."""
        assert question["id"] == self.id
        assert question.get("updated") == self.edited, "another `updated` would be shown as an edit"
        assert [option["name"] for option in question["oneOf"]] == self.options
        assert question["content"] == self.text, "a text that changes without `updated` is never shown"
