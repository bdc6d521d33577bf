"""Pillow: a photo upright, in three sizes, made of pixels only. Runs inside the fence alone."""

import io
from typing import BinaryIO, cast

import pillow_heif
from PIL import (
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from walkapp.photos import rules

FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
QUALITY = 80
_ORIENTATION = 0x0112
_GROUND = (255, 255, 255)

# Each format's code must be loaded before the fence is up: behind it no file can be opened.
_PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)

Image.MAX_IMAGE_PIXELS = None  # `_open` has a limit of its own: Pillow's would only warn of a large phone photo
ImageFile.LOAD_TRUNCATED_IMAGES = False
pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=2)

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_ON_ITS_SIDE = {_TURNS[5], _TURNS[6], _TURNS[7], _TURNS[8]}


def rehearse() -> None:
    """Develop a small photo of each kind, so that nothing is left to be loaded when the fence is up."""
    for kind in ("JPEG", "PNG", "WEBP"):
        exif, paper = Image.Exif(), io.BytesIO()
        exif[_ORIENTATION] = 6
        Image.new("RGBA" if kind != "JPEG" else "CMYK", (2 * rules.SIZES[0], 64)).save(paper, kind, exif=exif)
        develop(paper)


class Refused(Exception):
    """Not a photo we take; the reason is one word of `dark_room.REASONS`."""


def develop(photo: BinaryIO) -> tuple[tuple[int, int], dict[int, bytes]]:
    """Upright size of the photo, and its derivatives by the length of their long side."""
    try:
        return _develop(photo)
    except MemoryError as error:
        raise Refused("memory") from error
    except Refused:
        raise
    except Exception as error:  # a decoder may raise anything over bytes made to break it
        raise Refused("broken") from error


def _develop(photo: BinaryIO) -> tuple[tuple[int, int], dict[int, bytes]]:
    image = _open(photo)
    turn, (width, height) = _turn(image), image.size
    small = _pixels(_shrunk(image))
    if turn is not None:
        small = small.transpose(turn)
    size = (height, width) if turn in _ON_ITS_SIDE else (width, height)
    derivatives = {}
    for side in rules.SIZES:
        small = _within(small, side)
        derivatives[side] = _jpeg(small)
    return size, derivatives


def _open(photo: BinaryIO) -> ImageFile.ImageFile:
    try:
        image = Image.open(photo, formats=FORMATS)
    except MemoryError:
        raise
    except Exception as error:
        photo.seek(0)
        raise Refused("broken" if rules.sniff(photo.read(rules.HEAD)) else "not_an_image") from error
    if rules.too_many_pixels(image.size):
        raise Refused("too_large")
    if min(image.size) < rules.LEAST_SIDE:
        raise Refused("too_small")
    return image


def _turn(image: Image.Image) -> Image.Transpose | None:
    """How to turn it upright. A HEIC comes upright out of its decoder, whatever its EXIF says."""
    if image.format == "HEIF":
        return None
    try:
        exif = Image.Exif()
        exif.load(cast(bytes, image.info.get("exif", b"")))
        return _TURNS.get(exif.get(_ORIENTATION, 1))
    except Exception:  # a broken EXIF block must not cost the photo
        return None


def _shrunk(image: ImageFile.ImageFile) -> Image.Image:
    """Decode, as small as the decoder can while it still covers the largest derivative."""
    side = rules.SIZES[0]
    image.draft(None, _fit(image.size, side))
    image.load()
    if image.format == "HEIF" and min(image.size) < rules.LEAST_SIDE:  # it may come out smaller than it claimed
        raise Refused("too_small")
    factor = max(image.size) // (2 * side)
    if factor >= 2 and image.mode in ("L", "LA", "RGB", "RGBA", "CMYK"):
        return image.reduce(factor)
    return image


def _pixels(image: Image.Image) -> Image.Image:
    """Plain RGB, whatever it was: sixteen bits, a palette, printer's colours, see-through."""
    if image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, (*_GROUND, 255))
        ground.alpha_composite(image)
        image = ground
    return image if image.mode == "RGB" else image.convert("RGB")


def _fit(size: tuple[int, int], side: int) -> tuple[int, int]:
    width, height = size
    longest = max(width, height)
    if longest <= side:
        return size
    return max(1, round(width * side / longest)), max(1, round(height * side / longest))


def _within(image: Image.Image, side: int) -> Image.Image:
    size = _fit(image.size, side)
    return image if size == image.size else image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _jpeg(image: Image.Image) -> bytes:
    """From the pixels alone: an image taken over with its `info` would carry profile, comment and position along."""
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()
