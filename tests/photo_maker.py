"""Photos for the tests: real ones, turned ones, ones with a position, and ones made to do harm.

Every good photo shows the same scene: seen upright, a red bar is up and a green bar is left.
"""

import functools
import io
import os
import struct
import zipfile
import zlib
from pathlib import Path

import pillow_heif
from PIL import Image, ImageDraw

SECRET = b"a-secret-of-the-sender"
"""Stands in every corner of a photo where no pixel is; no derivative may hold it."""

ARBOGA = (59.3939, 15.8388)
RED, GREEN, BLUE = (220, 40, 40), (40, 200, 60), (70, 110, 150)

_BACK = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

pillow_heif.register_heif_opener()


def shared_photos() -> list[Path]:
    """Photos from real phones, where somebody has laid them; the tests do without."""
    told = os.environ.get("WALKAPP_SHARED_PHOTOS")
    folder = Path(told) if told else Path(__file__).parents[2] / "shared" / "data" / "photos"
    return sorted(path for path in folder.glob("*/*") if path.suffix.lower() in (".jpg", ".jpeg", ".heic", ".png"))


# --- the scene ----------------------------------------------------------------------------------------------------


def scene(width: int = 640, height: int = 480) -> Image.Image:
    """The scene, upright: red bar up, green bar left."""
    image = Image.new("RGB", (width, height), BLUE)
    pen, bar = ImageDraw.Draw(image), min(width, height) // 6
    pen.rectangle((0, 0, width, bar), fill=RED)
    pen.rectangle((0, bar, bar, height), fill=GREEN)
    return image


def is_upright(derivative: bytes) -> bool:
    """Look at the pixels: is red up and green left, and blue on the other two sides?"""
    image = Image.open(io.BytesIO(derivative)).convert("RGB")
    width, height = image.size
    seen = {
        "up": image.getpixel((width // 2, height // 20)),
        "left": image.getpixel((width // 20, height // 2)),
        "right": image.getpixel((width - width // 20, height // 2)),
        "down": image.getpixel((width // 2, height - height // 20)),
    }
    wanted = {"up": RED, "left": GREEN, "right": BLUE, "down": BLUE}
    return all(_near(seen[where], wanted[where]) for where in wanted)


def _near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


def as_taken(orientation: int, width: int = 640, height: int = 480) -> Image.Image:
    """The scene as the sensor lays it down when the phone is held that way."""
    image = scene(width, height)
    return image if orientation == 1 else image.transpose(_BACK[orientation])


# --- what stands beside the pixels --------------------------------------------------------------------------------


def exif(orientation: int = 1, position: tuple[float, float] | None = ARBOGA) -> bytes:
    """An EXIF block with orientation, maker, time and position."""
    block = Image.Exif()
    block[0x0112] = orientation
    block[0x010F] = block[0x0110] = SECRET.decode()
    block.get_ifd(0x8769)[0x9003] = "2026:10:29 16:25:05"
    if position is not None:
        lat, lon = position
        block.get_ifd(0x8825).update(
            {0: b"\2\3\0\0", 1: "N" if lat >= 0 else "S", 2: _dms(lat), 3: "E" if lon >= 0 else "W", 4: _dms(lon)}
        )
    return block.tobytes()


def _dms(degrees: float) -> tuple[float, float, float]:
    minutes, seconds = divmod(abs(degrees) * 3600, 60)
    return float(minutes // 60), float(minutes % 60), round(seconds, 3)


_XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">' + SECRET + b"</x:xmpmeta>"


# --- photos -------------------------------------------------------------------------------------------------------


def jpeg(
    orientation: int = 1,
    position: tuple[float, float] | None = ARBOGA,
    width: int = 640,
    height: int = 480,
    quality: int = 80,
    progressive: bool = False,
) -> bytes:
    """A JPEG as a phone takes it, with a comment, XMP, a profile and bytes behind its end."""
    out = io.BytesIO()
    as_taken(orientation, width, height).save(
        out,
        "JPEG",
        quality=quality,
        progressive=progressive,
        exif=exif(orientation, position),
        comment=SECRET,
        xmp=_XMP,
        icc_profile=SECRET * 4,
    )
    return out.getvalue() + SECRET


def png(orientation: int = 1) -> bytes:
    """A PNG with an EXIF chunk."""
    out = io.BytesIO()
    as_taken(orientation).save(out, "PNG", exif=exif(orientation))
    return out.getvalue() + SECRET


def webp(orientation: int = 1, lossless: bool = False) -> bytes:
    """A WebP with EXIF and XMP."""
    out = io.BytesIO()
    as_taken(orientation).save(out, "WEBP", quality=80, lossless=lossless, exif=exif(orientation), xmp=_XMP)
    return out.getvalue()


def bare_webp(lossless: bool) -> bytes:
    """A WebP without anything but pixels: its two other headers."""
    out = io.BytesIO()
    scene().save(out, "WEBP", quality=80, lossless=lossless)
    return out.getvalue()


def heic(orientation: int = 1) -> bytes:
    """A HEIC whose EXIF tells an orientation: its decoder turns it, so nobody else may."""
    out = io.BytesIO()
    as_taken(orientation).save(out, "HEIF", quality=60, exif=exif(orientation))
    return out.getvalue()


def picture(mode: str, kind: str, **options: object) -> bytes:
    """The scene in one of the odder modes: printer's colours, palette, see-through, sixteen bits."""
    image = scene()
    if mode == "I;16":
        image = Image.frombytes(
            "I;16", image.size, b"".join(struct.pack("<H", v * 257) for v in image.convert("L").tobytes())
        )
    else:
        image = image.convert(mode)
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


@functools.cache
def huge_jpeg(width: int, height: int) -> bytes:
    """As many pixels as the largest phone sensors have."""
    return jpeg(6, width=width, height=height)


# --- harm ---------------------------------------------------------------------------------------------------------


def png_bomb(width: int = 30_000, height: int = 30_000) -> bytes:
    """900 megapixels in a hundred kilobytes."""
    packer, row = zlib.compressobj(9), b"\0" * (1 + (width + 7) // 8)
    data = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", data) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def lying_jpeg(width: int = 65_500, height: int = 65_500) -> bytes:
    """A JPEG whose header claims another size than its pixels have."""
    photo = bytearray(plain_jpeg())
    at = photo.index(b"\xff\xc0")
    photo[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(photo)


def plain_jpeg() -> bytes:
    """A JPEG of the scene and nothing else."""
    out = io.BytesIO()
    scene().save(out, "JPEG", quality=80)
    return out.getvalue()


def jpeg_and_html() -> bytes:
    """A photo that is a page as well."""
    return plain_jpeg() + b"<html><script>alert('" + SECRET + b"')</script></html>"


def jpeg_and_zip() -> bytes:
    """A photo that is an archive as well."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("x.txt", SECRET)
    return plain_jpeg() + out.getvalue()


def truncated(photo: bytes | None = None) -> bytes:
    """The first half of a photo."""
    whole = photo or jpeg()
    return whole[: len(whole) // 2]


def svg() -> bytes:
    """What may be named .jpg and is none."""
    return b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
