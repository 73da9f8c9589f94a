"""Draws static/icons/*.png from the SVG emblems: what phones put on their home screens. Run by deploy/icons.

W3C manifest, `purpose: maskable`: a phone may cut the picture to any shape, so the emblem stays in its inner 80 %.
"""

import asyncio
import os
import re
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.async_api import Browser, async_playwright

from fedchapter.store.choices import ACCENTS
from tests.support.browser import FLAGS, find_chromium

FOLDER = Path(__file__).resolve().parents[2] / "static" / "icons"
# The emblem is drawn from 0 to 48 with its ground from -4 to 52; the wide ground leaves a quarter of the side around.
WIDE = ("-16 -16 80 80", "M-16-16h80v80H-16z")
COLOURS = 48


async def draw() -> None:
    """All icons are drawn anew."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(), chromium_sandbox=os.geteuid() != 0, args=FLAGS
        )
        for accent in ACCENTS:
            svg = (FOLDER / f"{accent}.svg").read_text(encoding="utf-8")
            for side in (192, 512):
                await _draw(browser, svg, side, f"{accent}-{side}")
            await _draw(browser, _widened(svg), 512, f"{accent}-maskable")
        await browser.close()


def _widened(svg: str) -> str:
    box, ground = WIDE
    return re.sub(r'viewBox="[^"]*"', f'viewBox="{box}"', svg).replace("M-4-4h56v56H-4z", ground)


async def _draw(browser: Browser, svg: str, side: int, name: str) -> None:
    page = await browser.new_page(viewport={"width": side, "height": side})
    await page.set_content(f"<style>*{{margin:0}}svg{{display:block;width:{side}px}}</style>{svg}")
    picture = Image.open(BytesIO(await page.screenshot())).convert("RGB")
    await page.close()
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    asyncio.run(draw())
