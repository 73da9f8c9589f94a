"""The process that decodes one picture from stdin and writes it anew to stdout, then ends.

Sources: operations.md D2; EXIF 2.32 tag 0x0112 (orientation); setrlimit(2). Imports Pillow and the standard
library only. Run as `python worker.py MAX_SIDE THUMB_SIDE MEMORY_BYTES CPU_S`.
"""

import json
import resource
import sys
import warnings
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from PIL import Image, ImageCms, MpoImagePlugin

# MPO is what some phones write behind a JPEG; Pillow gives it to this one only by way of JPEG.
FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF")
JPEG_KINDS: Final = frozenset({"JPEG", MpoImagePlugin.MpoImageFile.format})
# A JPEG is decoded at a fraction of its size, so that its pixels cost less than those of the others.
MAX_JPEG_PIXELS: Final = 50_000_000
MAX_OTHER_PIXELS: Final = 24_000_000
MAX_PNG_BYTES: Final = 1_500_000
ORIENTATION_TAG: Final = 0x0112
UPRIGHT: Final = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


class Refused(Exception):
    """The picture will not be shown; the argument is the code of the refusal."""


def main() -> None:
    """Answers one line of JSON, then the picture and its thumbnail."""
    max_side, thumb_side, memory_bytes, cpu_s = map(int, sys.argv[1:5])
    _load_all()
    _give_up_powers(memory_bytes, cpu_s)
    data = sys.stdin.buffer.read()
    try:
        picture = _draw(data, max_side)
        head, body = _encode(picture, thumb_side)
    except Refused as refused:
        head, body = {"refused": str(refused)}, b""
    except MemoryError:
        head, body = {"refused": "image-failed"}, b""
    except Exception:
        # Pillow raises nearly every type of exception on damaged input; here each of them means just that.
        head, body = {"refused": "image-broken"}, b""
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + body)
    sys.stdout.buffer.flush()


def _load_all() -> None:
    """Every part of Pillow that we need is loaded, which it does on demand, while files can still be opened."""
    exif = Image.Exif()
    exif[ORIENTATION_TAG] = 3
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for mode in ("RGB", "RGBA"):
        for form in FORMATS if mode == "RGB" else ("PNG", "WEBP"):
            data = _saved(Image.new(mode, (2, 2)), form, exif=exif, icc_profile=profile)
            _encode(_draw(data, max_side=1), thumb_side=1)


def _give_up_powers(memory_bytes: int, cpu_s: int) -> None:
    """No more memory or time than given; no new file, socket or process; only the open pipes are left."""
    # Where memory runs short, the kernel takes this process and not the server.
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    limits = {
        resource.RLIMIT_AS: memory_bytes,
        resource.RLIMIT_CPU: cpu_s,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 3,
        resource.RLIMIT_NPROC: 0,
    }
    for which, value in limits.items():
        _, hard = resource.getrlimit(which)
        least = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (least, least))
    Image.MAX_IMAGE_PIXELS = MAX_JPEG_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)


def _draw(data: bytes, max_side: int) -> Image.Image:
    """The first frame in sRGB, upright, in RGB or RGBA, with nothing attached."""
    try:
        opened = Image.open(BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused("image-too-many-pixels") from None
    with opened as source:
        _check_pixels(source)
        # Only JPEG knows how to be decoded smaller; for the others this does nothing.
        source.draft(source.mode, (max_side, max_side))
        source.load()
        orientation = _orientation(source)
        profile = source.info.get("icc_profile")
        picture = _to_plain_mode(source)
    picture.thumbnail((max_side, max_side), Image.Resampling.LANCZOS)
    picture = _to_srgb(picture, profile)
    if orientation in UPRIGHT:
        picture = picture.transpose(UPRIGHT[orientation])
    return _bare(picture)


def _check_pixels(source: Image.Image) -> None:
    most = MAX_JPEG_PIXELS if source.format in JPEG_KINDS else MAX_OTHER_PIXELS
    if source.width * source.height > most:
        raise Refused("image-too-many-pixels")


def _orientation(source: Image.Image) -> int:
    try:
        return int(source.getexif().get(ORIENTATION_TAG, 1))
    except Exception:
        # Damaged notes beside a sound picture: shown as it lies.
        return 1


def _to_plain_mode(source: Image.Image) -> Image.Image:
    """In a mode that can be made smaller without loss of colours: RGB, RGBA or CMYK."""
    if source.mode.startswith("I"):
        # 16 bits a pixel: Pillow's own conversion would cut everything above 255 to white.
        return source.convert("I").point(_from_16_bits).convert("L").convert("RGB")
    if source.has_transparency_data:
        return source.convert("RGBA")
    return source if source.mode in ("RGB", "CMYK") else source.convert("RGB")


def _from_16_bits(value: Any) -> Any:
    return value * (1 / 257)


def _to_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if profile:
        wanted = "RGBA" if picture.mode == "RGBA" else "RGB"
        try:
            own = ImageCms.ImageCmsProfile(BytesIO(profile))
            srgb = ImageCms.createProfile("sRGB")
            converted = ImageCms.profileToProfile(picture, own, srgb, outputMode=wanted)
        except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
            converted = None
        picture = converted or picture
    return picture if picture.mode in ("RGB", "RGBA") else picture.convert("RGB")


def _bare(picture: Image.Image) -> Image.Image:
    """A fresh canvas with the same pixels: Pillow's encoders take comments and profiles from the old one."""
    is_opaque = picture.mode == "RGB" or picture.getchannel("A").getextrema()[0] == 255
    fresh = Image.new("RGB" if is_opaque else "RGBA", picture.size)
    fresh.paste(picture.convert("RGB") if is_opaque else picture)
    return fresh


def _encode(picture: Image.Image, thumb_side: int) -> tuple[dict[str, Any], bytes]:
    media_type, data = _best_form(picture)
    small = picture.copy()
    small.thumbnail((thumb_side, thumb_side), Image.Resampling.LANCZOS)
    thumbnail = _saved(small, "WEBP", quality=78, method=4)
    head = {
        "media_type": media_type,
        "width": picture.width,
        "height": picture.height,
        "data_bytes": len(data),
        "thumbnail_bytes": len(thumbnail),
    }
    return head, data + thumbnail


def _best_form(picture: Image.Image) -> tuple[str, bytes]:
    if picture.mode == "RGB":
        return "image/jpeg", _saved(picture, "JPEG", quality=86, optimize=True, progressive=True)
    data = _saved(picture, "PNG", optimize=True)
    if len(data) <= MAX_PNG_BYTES:
        return "image/png", data
    return "image/webp", _saved(picture, "WEBP", quality=86, method=4)


def _saved(picture: Image.Image, form: str, **options: Any) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


if __name__ == "__main__":
    main()
