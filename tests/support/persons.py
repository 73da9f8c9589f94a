"""Members with a public handle, as they come to be: by the form of the page."""

from dataclasses import dataclass
from typing import Any

import httpx

from fedchapter.members import Role
from tests.support.network import Chapter


@dataclass(frozen=True)
class Bearer:
    """A member signed in at their chapter, and the actor behind their handle."""

    chapter: Chapter
    client: httpx.AsyncClient
    handle: str

    @property
    def uri(self) -> str:
        """The id of the Person."""
        return f"{self.chapter.settings.origin}/@{self.handle}"

    async def comment(self, to: str, text: str) -> str:
        """Answers, and has it delivered; the id of the comment."""
        answer = await self.client.post("/comments", data={"reply_to": to, "as": "me", "text": text})
        assert answer.status_code == 303, answer.text
        await self.chapter.settle()
        return (
            f"{self.chapter.settings.origin}/comments/{answer.headers['location'].rpartition('comment-')[2]}"
        )


FORM = {"name": "Ana from the river", "source": "", "read": "yes"}


async def choose_handle(client: httpx.AsyncClient, handle: str, **fields: Any) -> httpx.Response:
    """Sends the form of /me/handle."""
    return await client.post("/me/handle", data=FORM | {"handle": handle} | fields)


async def bearer(chapter: Chapter, handle: str = "ana", role: Role = Role.MEMBER, **fields: Any) -> Bearer:
    """A fresh member with that handle."""
    client = await chapter.signed_in(role, f"Member {handle}")
    answer = await choose_handle(client, handle, **fields)
    assert answer.status_code == 303, answer.text
    return Bearer(chapter, client, handle)
