"""A reader that breaks where other servers break: every rule of events.md §1.2 and §1.3 as a check.

Each check names the server that fails. `broken_rules` gives the names of those an Event breaks.
"""

import re
import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any

Object = dict[str, Any]
CATEGORY = re.compile(r"[A-Z][A-Z_]+")


def _time(value: Any) -> datetime:
    moment = datetime.fromisoformat(value)
    assert moment.utcoffset() is not None and not value.endswith("Z")
    return moment


def mobilizon_wants_a_name_of_3_to_200(event: Object) -> bool:
    return isinstance(event["name"], str) and 3 <= len(event["name"]) <= 200 and "<" not in event["name"]


def mobilizon_wants_a_start_and_an_end_after_it(event: Object) -> bool:
    return "endTime" not in event or _time(event["endTime"]) > _time(event["startTime"])


def mobilizon_wants_one_actor_and_one_author_as_strings(event: Object) -> bool:
    return isinstance(event["actor"], str) and event["actor"] == event["attributedTo"]


def mobilizon_wants_one_location_as_an_object(event: Object) -> bool:
    return isinstance(event.get("location", {}), dict)


def mobilizon_knows_four_ways_to_join(event: Object) -> bool:
    return event["joinMode"] in ("free", "restricted", "invite", "external")


def mobilizon_knows_three_states(event: Object) -> bool:
    known = ("TENTATIVE", "CONFIRMED", "CANCELLED")
    return event["status"] in known and event["ical:status"] == event["status"]


def mobilizon_fails_on_null_contacts_and_attachments(event: Object) -> bool:
    lists = [event[key] for key in ("contacts", "attachment", "tag") if key in event]
    return all(isinstance(value, list) and all(isinstance(item, dict) for item in value) for value in lists)


def mobilizon_wants_property_ids(event: Object) -> bool:
    values = [item for item in event["attachment"] if item["type"] == "PropertyValue"]
    return all("propertyID" in item for item in values)


def mobilizon_wants_a_real_uuid(event: Object) -> bool:
    return str(uuid.UUID(event["uuid"])) == event["uuid"]


def mobilizon_wants_floats_for_coordinates(event: Object) -> bool:
    place = event.get("location", {})
    return all(isinstance(place[key], float) for key in ("latitude", "longitude") if key in place)


def mobilizon_wants_a_code_for_the_category(event: Object) -> bool:
    return CATEGORY.fullmatch(event["category"]) is not None


def mobilizon_takes_no_drafts_from_elsewhere(event: Object) -> bool:
    return event["draft"] is False


def an_outside_way_to_join_has_an_address(event: Object) -> bool:
    return event["joinMode"] != "external" or event["externalParticipationUrl"].startswith("https://")


def gancio_reads_the_attachments_without_looking(event: Object) -> bool:
    return isinstance(event.get("attachment"), list)


def gancio_takes_the_first_attachment_for_the_image(event: Object) -> bool:
    kinds = [item["type"] for item in event["attachment"]]
    images = kinds.count("Document")
    return kinds[:images] == ["Document"] * images and all(item["mediaType"] for item in event["attachment"])


def gancio_wants_a_name_and_an_address_in_a_place(event: Object) -> bool:
    place = event["location"]
    address = place["address"]
    street = address["streetAddress"] if isinstance(address, dict) else address
    return bool(place["name"]) and isinstance(street, str) and bool(street)


def gancio_cuts_the_first_letter_of_tags(event: Object) -> bool:
    return all(tag["type"] == "Hashtag" and tag["name"].startswith("#") for tag in event.get("tag", []))


def gancio_refuses_empty_tags(event: Object) -> bool:
    return event.get("tag") != []


def gancio_knows_no_status(event: Object) -> bool:
    texts = (event["name"], event["summary"], event["content"].removeprefix("<p>"))
    return event["status"] != "CANCELLED" or all(text.startswith("CANCELLED: ") for text in texts)


def mastodon_shows_one_plain_line(event: Object) -> bool:
    return bool(event["summary"]) and "<" not in event["summary"] and "\n" not in event["summary"]


def mastodon_drops_pages_on_other_hosts(event: Object) -> bool:
    return str(event["url"]).split("/")[2] == str(event["actor"]).split("/")[2]


def piefed_fails_on_null(event: Object) -> bool:
    return _has_no_null(event)


def _has_no_null(value: Any) -> bool:
    if isinstance(value, dict):
        return all(_has_no_null(item) for item in value.values())
    if isinstance(value, list):
        return all(_has_no_null(item) for item in value)
    return value is not None


def a_public_calendar_lists_what_is_for_everybody(event: Object) -> bool:
    return event["to"] == ["https://www.w3.org/ns/activitystreams#Public"]


RULES: tuple[Callable[[Object], bool], ...] = tuple(
    value
    for name, value in list(globals().items())
    if callable(value) and re.match(r"(mobilizon|gancio|mastodon|piefed|an_outside|a_public)_", name)
)


def broken_rules(event: Object) -> list[str]:
    """The names of the rules that the Event breaks; a missing property breaks its rule."""
    return [rule.__name__ for rule in RULES if not _holds(rule, event)]


def _holds(rule: Callable[[Object], bool], event: Object) -> bool:
    try:
        return rule(event)
    except (KeyError, TypeError, ValueError, AssertionError, AttributeError):
        return False
