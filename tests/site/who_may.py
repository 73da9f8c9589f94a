"""Who may come through which door, written down by people: the test compares it with what the server does.

operations.md §3 row D7. Nothing here is computed from the program's own permissions, so a door that moves from one of
them to another, and a role that gains one, is seen here. A line without a method means every method of that door.
"""

from fedchapter.members import Role

EVERYBODY = """
/ /about /actor /api/v1/instance/domain_blocks /circle /actor/{collection} /activities/{id}
/announcements/{id} /announcements/{id}/history
/board/answers/{id} /board/entries/{id} /board/replies/{id} /calendar.ics /comments/{id} /events /events/remote/{id}
/events/remote/{id}.ics /events/{id} /events/{id}.ics /events/{id}/notices/{number:int} /favicon.ico /feed.xml /follow
/groups /groups/{slug} /interact /join /join/mine /language /manifest.webmanifest /media/{name} /messages/{id}
/nodeinfo/{version} /offline /pictures/remote/{id} /posts/{id} /privacy /quotes/{id} /robots.txt /sw.js /tags/{tag}
/.well-known/host-meta /.well-known/host-meta.json /.well-known/nodeinfo /.well-known/security.txt
/.well-known/webfinger /@{username} /@{username}/{collection}
/{place}/{id}/context /{place}/{id}/likes /{place}/{id}/replies /{place}/{id}/shares
/proposals/{id} /proposals/{id}/opening /proposals/{id}/outcome /proposals/{id}/poll /proposals/{id}/result
/proposals/{id}/versions /proposals/{id}/versions/{number}
/report
/sign-in /sign-in/fediverse /sign-in/fediverse/{key} /sign-in/link /sign-in/moved /sign-in/new /sign-in/second /sign-out
/subscribe
GET:/proposals GET:/about/moderation
"""
SERVERS = "/@{username}/inbox /actor/inbox /circle/decisions /doctor/{token} /inbox /livez /metrics /readyz"
# Whoever holds the secret in the address.
HOLDERS_OF_A_LINK = """
/join/confirm/{token} /join/mine/{token} /join/{token} /mail/{token} /mail/{token}/stop/{kind} /report/confirm/{token}
/report/mine/{token} /sign-in/link/{token}
/subscribe/confirm/{token} /subscribe/mine/{token} /subscribe/stop/{token} /unsubscribe/{token}
"""
MEMBERS = """
/board /board/new /board/{id} /board/{id}/answers/{answer_id} /board/{id}/close /board/{id}/edit
/comments /comments/new /comments/{id}/delete /comments/{id}/edit /events/remote/{id}/answer /events/{id}/answer
/groups/{slug}/edit /groups/{slug}/join /groups/{slug}/leave /groups/{slug}/members /groups/{slug}/members/{id}
/groups/{slug}/notes/new /groups/{slug}/notes/{id}/delete
/me /me/data /me/data.json /me/email/{token} /me/handle /me/handle/followers /me/handle/followers/{id}
/me/handle/give-up /me/handle/profile /me/leave /me/notices /me/notifications /me/password /me/profile /me/reports
/me/security /me/security/code /me/security/fediverse /me/security/fediverse/{id}/move
/me/security/fediverse/{id}/remove /me/security/passkey /me/security/password/remove /me/security/proved
/me/security/recovery /me/security/second/{id}/remove /me/sessions/{session_id}/end /me/skills
/proposals/{id}/opinion /proposals/{id}/vote /roles /roles/recalls/new /roles/recalls/{id} /roles/{id}/end /support
/me/strikes /me/strikes/{id}
GET:/about/holders
/moderation/decisions
"""
# Captains too, who speak for their groups; inside, each page asks for whom.
SPEAKERS = """
/announcements/{id}/delete /announcements/{id}/edit /announcements/{id}/pin /events/new /events/{id}/answers
/events/{id}/answers/{answer} /events/{id}/cancel /events/{id}/delete /events/{id}/edit /groups/{slug}/followers
/groups/{slug}/followers/{id} /quotes/{id}/withdraw /scheduled /write
"""
OVERVIEW = "/admin"
PUBLISHERS = """
/admin/followers /admin/followers/{id} /admin/following /admin/following/{id}/end /admin/messages /admin/messages/new
/admin/messages/{id} /admin/messages/{id}/decide /admin/messages/{id}/withdraw/{message_id}
/proposals/new /proposals/{id}/delete /proposals/{id}/edit /proposals/{id}/open /proposals/{id}/publish
/proposals/{id}/withdraw /share /unshare
POST:/proposals
"""
PEOPLE = """
/admin/applications /admin/applications/{id} /admin/export /admin/export/{id} /admin/export/{id}/take /admin/groups
/admin/invitations /admin/invitations/{id}/withdraw /admin/joining /admin/members /admin/members/{id}
/admin/members/{id}/link /admin/members/{id}/remove /admin/members/{id}/second/remove /admin/skills
/groups/{slug}/captains /groups/{slug}/captains/{id}/end /groups/{slug}/close
/roles/give /roles/removals/{id} /roles/{id}/ask
"""
DUES = "/admin/dues /admin/dues/apply /admin/dues/{id}"
QUEUE = """
/admin/decisions/batch/{batch}/undo /admin/decisions/export/{form} /admin/queue /admin/queue/{group} /admin/queue/digest
/admin/queue/{group}/act
/admin/reports /admin/reports/send /admin/reports/{id} /admin/reports/{id}/act
"""
CONDUCT = """
/admin/peers /admin/peers/{host}
/admin/appeals/{id} /admin/conduct /admin/conduct/{id} /admin/seconds /admin/seconds/{id}
"""
MODERATION = (
    "/admin/rules /admin/rules/storm /admin/rules/tried /admin/rules/{key} "
    "/admin/decisions /admin/decisions/{id}/undo /admin/held /admin/log /admin/log/{way}/{number:int} "
    "/admin/pictures /admin/pictures/{id} /admin/pictures/{id}/small"
)
LISTS = """
/admin/lists /admin/lists/circle /admin/lists/closed /admin/lists/export/{which}.csv /admin/lists/sisters
/admin/lists/sisters/ask /admin/lists/{id} /admin/lists/{id}/drop /admin/lists/{id}/fetch
POST:/about/moderation
"""
ADMINISTRATION = """
/about/holders/edit /admin/asked /admin/dues/needed /admin/health /admin/health/backup /admin/kept /admin/kept/erase
/admin/peers/{host}/retry /admin/settings /admin/sisters
POST:/about/holders
"""

_OPEN = (EVERYBODY, SERVERS, HOLDERS_OF_A_LINK)
_OWN = (*_OPEN, MEMBERS)
ALL = (*_OWN, SPEAKERS, OVERVIEW, PUBLISHERS, PEOPLE, DUES, QUEUE, CONDUCT, MODERATION, LISTS, ADMINISTRATION)
LET_IN: dict[Role | None, tuple[str, ...]] = {
    None: _OPEN,
    Role.MEMBER: _OWN,
    Role.DELEGATE: _OWN,
    Role.TELLER: _OWN,
    Role.CAPTAIN: (*_OWN, SPEAKERS),
    Role.TREASURER: (*_OWN, OVERVIEW, DUES),
    Role.ORGANIZER: (*_OWN, OVERVIEW, SPEAKERS, PUBLISHERS, PEOPLE),
    Role.MODERATOR: (*_OWN, OVERVIEW, SPEAKERS, PUBLISHERS, QUEUE, CONDUCT, MODERATION, LISTS),
    Role.ADMIN: ALL,
}


def lines(doors: str) -> frozenset[str]:
    """The lines of a table."""
    return frozenset(doors.split())


def stands_in(tables: tuple[str, ...], path: str, method: str) -> bool:
    """Whether that door stands in one of the tables."""
    return any({path, f"{method}:{path}"} & lines(table) for table in tables)
