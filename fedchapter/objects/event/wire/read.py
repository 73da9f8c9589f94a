"""Everybody's events, in all the shapes that servers send them.

events.md §1.1–1.6: location as string, object or list; address as string or object; status in three vocabularies;
missing end; milliseconds; types as list.
"""

import uuid
from typing import Any
from zoneinfo import ZoneInfo

from ....errors import PeerRefused
from ....pictures.listed import is_picture, to_json
from ....text import clean, plain
from ....vocab.read import (
    attachments_of,
    bool_of,
    id_of,
    int_of,
    language_of,
    list_of,
    text_of,
    time_of,
    type_of,
    url_of,
)
from ....vocab.uris import is_uri, same_origin
from ....words import LANGUAGES
from ..draft import CANCELLED, CONFIRMED, TENTATIVE, RemoteEvent, cancelled_mark

TITLE_MAX = 300
HTML_MAX = 50_000
PART_MAX = 200
COUNT_MAX = 2**31 - 1
MESSAGE_MAX = 500
_JOIN_MODES = frozenset({"free", "restricted", "external", "invite", "none"})


def from_event(document: dict[str, Any]) -> RemoteEvent:
    """The event as told; raises PeerRefused when it has no id, name or start."""
    uri, name = id_of(document), plain(text_of(document, "name") or "")
    start_at, end_at = time_of(document, "startTime"), time_of(document, "endTime")
    if uri is None or not name or start_at is None:
        raise PeerRefused("event", "the Event has no id, no name or no startTime that can be read")
    if end_at is not None and (end_at <= start_at or bool_of(document, "displayEndTime") is False):
        end_at = None
    status = _status(document)
    place_name, street, town, online_url = _places(document)
    mode = document.get("joinMode")
    return RemoteEvent(
        uri=uri,
        uuid=_uuid(document, uri),
        url=_page(document, uri),
        title=_title(name, status),
        html=clean((text_of(document, "content") or text_of(document, "summary") or "")[:HTML_MAX]),
        start_at=start_at,
        end_at=end_at,
        zone=_zone(document.get("timezone")),
        status=status,
        place_name=place_name,
        street=street,
        town=town,
        online_url=online_url or _website(document),
        category=(text_of(document, "category", 40) or ""),
        language=(language_of(document) or "")[:16],
        join_mode=mode if isinstance(mode, str) and mode in _JOIN_MODES else "none",
        join_url=_link(document.get("externalParticipationUrl")),
        capacity=_count(document, "maximumAttendeeCapacity") or None,
        going=_count(document, "participantCount") or 0,
        published_at=time_of(document, "published"),
        updated_at=time_of(document, "updated"),
        pictures=_pictures(document),
    )


def _pictures(document: dict[str, Any]) -> str:
    # Mobilizon calls every picture of an event "Banner", which describes nothing.
    attached = [
        one._replace(alt="") if one.alt == "Banner" else one
        for one in attachments_of(document)
        if is_picture(one)
    ]
    return to_json(attached[:1], sensitive=bool_of(document, "sensitive") is True)


def message_of(join: dict[str, Any]) -> str:
    """What somebody wrote with a Join, as short plain text."""
    return plain(text_of(join, "participationMessage", 5000) or "")[:MESSAGE_MAX]


def _title(name: str, status: str) -> str:
    one_line = " ".join(name.split())
    if status == CANCELLED:
        one_line = _unmarked(one_line)
    return one_line[:TITLE_MAX] or "Event"


def _unmarked(title: str) -> str:
    marks = (cancelled_mark(language) for language in LANGUAGES)
    return next((title.removeprefix(mark) for mark in marks if title.startswith(mark)), title)


def _status(document: dict[str, Any]) -> str:
    # FEP-8a8e says EventCancelled (perhaps as a whole address), iCalendar CANCELLED; some write one l.
    said = [
        str(document.get(key) or "").rpartition("/")[2].rpartition(":")[2].upper()
        for key in ("eventStatus", "status", "ical:status")
    ]
    if any("CANCEL" in word for word in said):
        return CANCELLED
    if any(word.endswith(("TENTATIVE", "POSTPONED")) for word in said):
        return TENTATIVE
    return CONFIRMED


def _places(document: dict[str, Any]) -> tuple[str, str, str, str]:
    """Name, street, town of the first place, and the address of the first that is online."""
    place, online_url = ("", "", ""), ""
    for item in list_of(document.get("location"))[:10]:
        if isinstance(item, dict) and type_of(item) == "VirtualLocation":
            online_url = online_url or _link(item.get("url"))
        elif not any(place):
            place = _place(item)
    return (*place, online_url)


def _place(item: object) -> tuple[str, str, str]:
    if isinstance(item, str):
        return _part(item), "", ""
    if not isinstance(item, dict):
        return "", "", ""
    name, address = _part(item.get("name")), item.get("address")
    if not isinstance(address, dict):
        return name, _part(address), ""
    street, town = _part(address.get("streetAddress")), _part(address.get("addressLocality"))
    return name or _part(address.get("name")), street, town


def _part(value: object) -> str:
    return " ".join(plain(value[:2000]).split())[:PART_MAX] if isinstance(value, str) else ""


def _website(document: dict[str, Any]) -> str:
    links = [one for one in attachments_of(document) if one.type == "Link"]
    named = [one.url for one in links if one.alt == "Website"]
    return _link(named[0] if named else document.get("onlineLink"))


def _link(value: object) -> str:
    return value if isinstance(value, str) and len(value) <= 1000 and is_uri(value) else ""


def _page(document: dict[str, Any], uri: str) -> str:
    url = url_of(document)
    return url if url and len(url) <= 1000 and same_origin(url, uri) else uri


def _zone(name: object) -> str:
    if not isinstance(name, str) or not 0 < len(name) <= 64:
        return ""
    try:
        return ZoneInfo(name).key
    except (ValueError, OSError, KeyError):
        return ""


def _uuid(document: dict[str, Any], uri: str) -> str:
    """Its own UUID, or one derived from its id, so that every server's calendar names it alike."""
    try:
        return str(uuid.UUID(str(document.get("uuid"))))
    except ValueError:
        return str(uuid.uuid5(uuid.NAMESPACE_URL, uri))


def _count(document: dict[str, Any], key: str) -> int | None:
    number = int_of(document, key)
    return None if number is None else max(0, min(number, COUNT_MAX))
