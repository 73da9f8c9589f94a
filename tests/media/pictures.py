"""Makes the pictures that the tests send, sound and hostile."""

import struct
import zlib
from io import BytesIO

from PIL import Image, ImageCms
from PIL.ExifTags import GPS, IFD, Base

RED, BLUE = (220, 30, 30), (30, 30, 220)


def drawn(size: tuple[int, int] = (64, 32), mode: str = "RGB") -> Image.Image:
    """The upper half red, the lower half blue."""
    picture = Image.new(mode, size, RED)
    picture.paste(BLUE, (0, size[1] // 2, size[0], size[1]))
    return picture


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    out = BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(data))
    picture.load()
    return picture


def jpeg(size: tuple[int, int] = (64, 32), **options: object) -> bytes:
    return saved(drawn(size), "JPEG", quality=95, **options)


def photo_with_place(orientation: int = 1) -> bytes:
    """A photo as a phone makes it: place, camera, comment, colour profile."""
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.Make] = "SecretCameraMaker"
    place = exif.get_ifd(IFD.GPSInfo)
    place[GPS.GPSLatitudeRef], place[GPS.GPSLatitude] = "N", (41.0, 52.0, 55.0)
    place[GPS.GPSLongitudeRef], place[GPS.GPSLongitude] = "W", (87.0, 37.0, 40.0)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return jpeg(exif=exif, comment=b"SecretComment", icc_profile=profile, xmp=b"<x>SecretPacket</x>")


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100_000))
        + _chunk(b"IEND", b"")
    )


def png_with_text_bomb() -> bytes:
    """A sound PNG whose compressed comment unfolds to 200 MB."""
    sound = saved(drawn(), "PNG")
    packed = zlib.compressobj(9)
    text = b"".join(packed.compress(b"a" * 1_000_000) for _ in range(200)) + packed.flush()
    return sound[:33] + _chunk(b"zTXt", b"Comment\0\0" + text) + sound[33:]


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
