"""Where a visitor is sent to follow from their own server: row D5, the open redirect."""

from typing import Any

import pytest

from fedchapter.errors import Refusal
from fedchapter.federation.finger import (
    fill_template,
    find_subscribe_template,
    leads_to,
    subscribe_template,
)
from tests.support.network import World

SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
FOLLOW = "https://w3id.org/fep/3b86/Follow"
OBJECT = "https://w3id.org/fep/3b86/Object"


def jrd(**templates: Any) -> dict[str, Any]:
    rels = {"subscribe": SUBSCRIBE, "follow": FOLLOW, "object": OBJECT}
    return {"links": [{"rel": rels[name], "template": text} for name, text in templates.items()]}


async def test_a_mastodon_handle_leads_to_its_own_server(world: World) -> None:
    chapter, ada = await world.chapter(), world.stranger()
    template = await chapter.run(find_subscribe_template(chapter.house, "@ada@elsewhere.test"))
    assert template == ada.site.subscribe("acct:ada@elsewhere.test")
    assert fill_template(template, chapter.uri) == (
        "https://elsewhere.test/authorize_interaction?uri=https%3A%2F%2Friverside.test%2F%40riverside"
    )


@pytest.mark.parametrize("text", ["hillside.test", "https://hillside.test/", "@hillside@hillside.test"])
async def test_a_bare_server_name_is_enough_where_it_answers_for_itself(world: World, text: str) -> None:
    chapter, _ = await world.chapter(), await world.chapter("hillside")
    template = await chapter.run(find_subscribe_template(chapter.house, text))
    assert fill_template(template, "https://x.test/") == (
        "https://hillside.test/interact?uri=https%3A%2F%2Fx.test%2F"
    )


async def test_our_own_server_and_malformed_names_are_refused_in_words(world: World) -> None:
    chapter = await world.chapter()
    for text in ("riverside.test", "@a@riverside.test", "", "not a server", "a@b@c.test"):
        with pytest.raises(Refusal):
            await chapter.run(find_subscribe_template(chapter.house, text))


def test_the_follow_intent_comes_before_the_older_template() -> None:
    both = jrd(
        subscribe="https://x.test/old?uri={uri}", follow="https://x.test/new?u={object}&to={on-success}"
    )
    found = subscribe_template(both, "x.test")
    assert (
        fill_template(found, "https://a.test/1?b=c")
        == "https://x.test/new?u=https%3A%2F%2Fa.test%2F1%3Fb%3Dc&to="
    )


@pytest.mark.parametrize(
    "template",
    [
        "javascript:alert('{uri}')",
        "http://x.test/follow?uri={uri}",
        "//evil.test/{uri}",
        "/\\evil.test/{uri}",
        "https://evil.test/{uri}",
        "https://x.test@evil.test/{uri}",
        "https://x.test\\@evil.test/{uri}",
        "https://x.test.evil.test/{uri}",
        "https://evilx.test/{uri}",
        "https://{uri}/x.test",
        "https://x.test{uri}/",
        "https://x.test:8443/{uri}",
        "data:text/html,{uri}",
        "https://x.test/without-a-place",
        ["https://x.test/{uri}"],
        7,
    ],
)
def test_d5_a_template_that_leads_elsewhere_is_not_used(template: Any) -> None:
    assert subscribe_template(jrd(subscribe=template), "x.test") == ""


def test_d5_a_template_may_lead_below_the_host_that_was_asked() -> None:
    assert leads_to("https://social.x.test/a", "x.test")
    assert not leads_to("https://x.test/a", "social.x.test")
    assert not leads_to("https://other.co.uk/a", "mine.co.uk")
    assert not leads_to("https://10.0.0.1/a", "0.0.1")
