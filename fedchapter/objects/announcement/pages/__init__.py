"""Pages of announcements: reading, writing, what is scheduled, hashtags, the feed, posts of others, quotes."""

from ....house import Door
from ....members import Permission
from . import lists, quotes, show, write

_ANYONE, _SPEAK, _STAFF = Permission.ANYONE, Permission.SPEAK, Permission.PUBLISH


def doors() -> list[Door]:
    """All of them."""
    one = "/announcements/{id}"
    return [
        Door("/write", write.new, _SPEAK, writes=True),
        Door("/write", write.publish, _SPEAK, methods=("POST",), writes=True),
        Door("/scheduled", lists.scheduled, _SPEAK),
        Door("/tags/{tag}", lists.tagged, _ANYONE),
        Door("/feed.xml", lists.feed, _ANYONE),
        Door(one, show.own, _ANYONE),
        Door(f"{one}/history", show.history, _ANYONE),
        Door(f"{one}/edit", write.edit, _SPEAK, writes=True),
        Door(f"{one}/edit", write.save, _SPEAK, methods=("POST",), writes=True),
        Door(f"{one}/delete", write.ask_delete, _SPEAK),
        Door(f"{one}/delete", write.delete, _SPEAK, methods=("POST",)),
        Door(f"{one}/pin", write.pin, _SPEAK, methods=("POST",)),
        Door("/posts/{id}", show.remote, _ANYONE),
        Door("/share", show.share, _STAFF, methods=("POST",), writes=True),
        Door("/unshare", show.unshare, _STAFF, methods=("POST",)),
        Door("/quotes/{id}", quotes.show, _ANYONE),
        Door("/quotes/{id}/withdraw", quotes.withdraw, _SPEAK, methods=("POST",)),
    ]
