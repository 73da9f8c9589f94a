"""Simple posters, drawn here so that the demo carries no pictures of anybody."""

import io
from collections.abc import Callable

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 800)
PAPER, INK = "#f6eedf", "#2b2622"


def _text(draw: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, colour: str) -> None:
    draw.text(at, words, font=ImageFont.load_default(size), fill=colour, anchor="mm")


def _finish(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def _poster(title: str, line: str, colour: str, figure: Callable[[ImageDraw.ImageDraw, str], None]) -> bytes:
    image = Image.new("RGB", SIZE, PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, SIZE[0], 18), fill=colour)
    draw.rectangle((0, 560, *SIZE), fill=colour)
    figure(draw, colour)
    _text(draw, (600, 645), title, 84, PAPER)
    _text(draw, (600, 735), line, 40, PAPER)
    return _finish(image)


def repair_poster() -> bytes:
    """A wheel with spokes and a bridge, for the repair evening."""

    def figure(draw: ImageDraw.ImageDraw, colour: str) -> None:
        for radius in (210, 196):
            draw.ellipse((600 - radius, 300 - radius, 600 + radius, 300 + radius), outline=INK, width=10)
        for end in (
            (600, 90),
            (600, 510),
            (390, 300),
            (810, 300),
            (452, 152),
            (748, 448),
            (452, 448),
            (748, 152),
        ):
            draw.line((600, 300, *end), fill=colour, width=7)
        draw.ellipse((570, 270, 630, 330), fill=INK)

    return _poster("Repair evening", "bring what is broken, take it home mended", "#1f5f8b", figure)


def harbor_poster() -> bytes:
    """A boat on waves, for the harbor festival."""

    def figure(draw: ImageDraw.ImageDraw, colour: str) -> None:
        draw.polygon([(380, 400), (840, 400), (770, 490), (450, 490)], fill=INK)
        draw.polygon([(600, 110), (600, 380), (820, 380)], fill=colour)
        draw.polygon([(585, 150), (585, 380), (430, 380)], fill="#d9c7a5")
        draw.line((592, 90, 592, 400), fill=INK, width=12)
        for left in range(-60, 1260, 120):
            draw.arc((left, 480, left + 120, 560), 0, 180, fill=colour, width=10)

    return _poster("Open pier", "music, soup, boats for everybody", "#b3721d", figure)
