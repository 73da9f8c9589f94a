"""Somebody who uses the keyboard alone and hears the page: what has the focus, as a screen reader would say it.

What is heard comes from Chromium's own accessibility tree (role, name, states, description), not from the markup. At
each step of Tab is checked that the control says something, that one sees where one is, and that one went on in the
order of reading. WCAG 2.2: 2.1.1, 2.4.2, 2.4.3, 2.4.7, 2.4.11, 4.1.2.
"""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import Browser, CDPSession, Page

STEPS_MAX = 90
# Measured in a frame of its own: a style that is on its way is not there yet.
SEEN = """() => new Promise(done => requestAnimationFrame(() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const middle = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
  done({
    top: box.top + scrollY, bottom: box.bottom + scrollY,
    outline: style.outlineStyle === "none" ? 0 : parseFloat(style.outlineWidth),
    inside: box.bottom > 0 && box.top < innerHeight && box.width > 1 && box.height > 1,
    covered: middle !== null && middle !== one && !one.contains(middle) && !middle.contains(one),
  });
}))"""
PLACE = "() => [document.title, [...document.querySelectorAll('h1')].map(one => one.innerText).join('|')]"
NOWHERE = ("RootWebArea", "none", "generic", "main")


@dataclass(frozen=True, slots=True)
class Heard:
    """What has the focus, as it is told: `states` are those of the tree (checked, invalid, required …)."""

    role: str
    name: str
    description: str
    value: str
    states: dict[str, Any]


@dataclass(slots=True)
class Hands:
    """A window without a mouse."""

    page: Page
    tree: CDPSession
    place: tuple[str, str] = ("", "")
    _last: dict[str, Any] | None = field(default=None)

    async def open(self, address: str) -> None:
        """The address is typed, or a letter's link opened; the page has a title and one heading of its own."""
        await self.page.goto(address)
        await self.arrive()

    async def arrive(self) -> None:
        """The page that came says by title and heading that it is another one than before."""
        title, heading = await self.page.evaluate(PLACE)
        assert title, "the page has no title"
        assert heading, f"{title} has no heading"
        assert "|" not in heading, f"{title} has several main headings: {heading}"
        self.place, self._last = (title, heading), None

    async def heard(self) -> Heard:
        """What has the focus now."""
        found = await self.tree.send("Runtime.evaluate", {"expression": "document.activeElement"})
        told = await self.tree.send(
            "Accessibility.getPartialAXTree",
            {"objectId": found["result"]["objectId"], "fetchRelatives": False},
        )
        node = told["nodes"][0]
        role, name, description, value = (
            str(node.get(part, {}).get("value", "")) for part in ("role", "name", "description", "value")
        )
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        return Heard(role, name, description, value, states)

    async def tab(self, key: str = "Tab") -> Heard:
        """One step on (or with Shift+Tab back); what is there now says what it is, and is seen to have the focus."""
        await self.page.keyboard.press(key)
        heard = await self.heard()
        if heard.role in NOWHERE:
            self._last = None
            return heard
        where = f"{heard.role} “{heard.name}” on “{self.place[0]}”"
        assert heard.name.strip(), f"{where} has no name"
        seen = await self.page.evaluate(SEEN)
        assert seen["outline"] >= 2, f"{where} does not show that it has the focus: {seen}"
        assert seen["inside"], f"{where} has the focus and is out of sight: {seen}"
        assert not seen["covered"], f"{where} has the focus and lies under something: {seen}"
        if self._last is not None and key == "Tab":
            assert seen["bottom"] > self._last["top"], f"{where} stands above what was before it"
        self._last = seen
        return heard

    async def tab_to(self, role: str, name: str) -> Heard:
        """Tab after Tab up to the control of that role whose name begins so."""
        passed = []
        for _ in range(STEPS_MAX):
            heard = await self.tab()
            # Chromium tells capitals that only the style sheet makes.
            if heard.role == role and heard.name.casefold().startswith(name.casefold()):
                return heard
            passed.append(f"{heard.role} “{heard.name}”")
        raise AssertionError(f"no {role} “{name}” on “{self.place[0]}”; passed {passed[:40]}")

    async def write(self, name: str, text: str) -> Heard:
        """The text is typed into the field of that name, in place of what stood there."""
        heard = await self.tab_to("textbox", name)
        await self.page.keyboard.press("Control+a")
        await self.page.keyboard.type(text)
        return heard

    async def press(self, key: str = "Enter", *, same_place: bool = False) -> None:
        """The key leads to another page, and one hears that (or, with `same_place`, to the same one again)."""
        before = self.place
        async with self.page.expect_navigation():
            await self.page.keyboard.press(key)
        await self.arrive()
        assert (self.place == before) is same_place, f"from {before} to {self.place}"

    async def says(self, role: str, words: str) -> None:
        """A live region of that role (status or alert) has these words."""
        told = [await one.inner_text() for one in await self.page.get_by_role(role).all()]  # type: ignore[arg-type]
        assert any(words in text for text in told), f"{role} says {told}, not “{words}”"


async def hands_at(browser: Browser) -> Hands:
    """A new window, as wide as a phone: there what comes next stands below."""
    context = await browser.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(10_000)
    page = await context.new_page()
    tree = await context.new_cdp_session(page)
    await tree.send("Accessibility.enable")
    return Hands(page, tree)
