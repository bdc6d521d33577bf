"""What a photo may be, told from its bytes alone. Nothing here decodes a pixel: the web process uses it."""

import io
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO

LARGEST_BYTES = 25 << 20
MOST_PIXELS = 120_000_000
LEAST_SIDE = 32
"""A damaged HEIC may "decode" to 16x16; nobody sends a real photo smaller than this."""

SIZES = (1600, 800, 320)
"""Long side of the derivatives: report, page, thumbnail."""

JPEG, PNG, WEBP, HEIC = "image/jpeg", "image/png", "image/webp", "image/heic"
SUFFIXES = {JPEG: ".jpg", PNG: ".png", WEBP: ".webp", HEIC: ".heic"}

HEAD = 64
"""As many first bytes as `sniff` needs."""

LOWEST_RATE = 1000
GRACE_SECONDS = 20
LONGEST_SECONDS = 600

_HEVC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_HEIF_BRANDS = _HEVC_BRANDS | {b"mif1", b"msf1"}
_MOST_SEGMENTS = 2000
_MOST_BOX = 1 << 20

_SHA256 = re.compile(r"[0-9a-f]{64}")
_MUNICIPALITY = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?")
_KEY = re.compile(
    rf"(?P<municipality>{_MUNICIPALITY.pattern})/(?P<size>original|{'|'.join(map(str, SIZES))})"
    r"/(?P<a>[0-9a-f]{2})/(?P<b>[0-9a-f]{2})/(?P<sha256>(?P=a)(?P=b)[0-9a-f]{60})"
)


# --- keys ---------------------------------------------------------------------------------------------------------


def original_key(municipality: str, sha256: str) -> str:
    """Where the bytes as they were received are kept."""
    return _key(municipality, "original", sha256)


def derivative_key(municipality: str, size: int, sha256: str) -> str:
    """Where one derivative is kept. The hash may be the original's, or the derivative's own."""
    if size not in SIZES:
        raise ValueError(f"no derivative has the size {size}")
    return _key(municipality, str(size), sha256)


def key_parts(key: str) -> tuple[str, str, str]:
    """Municipality, size and hash of a key; `ValueError` for anything else, so that no path can be smuggled in."""
    match = _KEY.fullmatch(key)
    if match is None:
        raise ValueError(f"not a key of the photo store: {key[:200]!r}")
    return match["municipality"], match["size"], match["sha256"]


def is_sha256(text: str) -> bool:
    """True for 64 lower-case hexadecimal digits."""
    return _SHA256.fullmatch(text) is not None


def _key(municipality: str, size: str, sha256: str) -> str:
    key = f"{municipality}/{size}/{sha256[:2]}/{sha256[2:4]}/{sha256}"
    key_parts(key)
    return key


# --- pace ---------------------------------------------------------------------------------------------------------


def too_slow(received: int, seconds: float) -> bool:
    """A body that drips, or that never ends: it holds a thread that other phones wait for."""
    if seconds > LONGEST_SECONDS:
        return True
    return seconds > GRACE_SECONDS and received < LOWEST_RATE * seconds


# --- what the bytes say -------------------------------------------------------------------------------------------


def sniff(head: bytes) -> str | None:
    """The media type by the first bytes, for the four kinds that are taken; else nothing."""
    if head.startswith(b"\xff\xd8\xff"):
        return JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if head[4:8] == b"ftyp" and _is_heic(head):
        return HEIC
    return None


def _is_heic(head: bytes) -> bool:
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    brands = {major} | {head[at : at + 4] for at in range(16, end - 3, 4)}
    return major in _HEIF_BRANDS and bool(brands & _HEVC_BRANDS)


def header_size(photo: bytes | BinaryIO) -> tuple[int, int] | None:
    """Width and height as the header claims them, before any rotation; nothing when the header cannot be read."""
    stream = io.BytesIO(photo) if isinstance(photo, bytes) else photo
    stream.seek(0)
    read = _SIZE_READERS.get(sniff(stream.read(HEAD)) or "")
    if read is None:
        return None
    stream.seek(0)
    try:
        size = read(stream)
    except (IndexError, _ShortRead):
        return None
    return size if size and size[0] > 0 and size[1] > 0 else None


def too_many_pixels(size: tuple[int, int] | None) -> bool:
    """True when the header claims more than any phone takes."""
    return size is not None and size[0] * size[1] > MOST_PIXELS


class _ShortRead(Exception):
    """The file ends inside its own header."""


def _exactly(stream: BinaryIO, count: int) -> bytes:
    data = stream.read(count)
    if len(data) < count:
        raise _ShortRead
    return data


def _jpeg_segments(stream: BinaryIO) -> Iterator[tuple[int, int]]:
    """Marker and length of each segment up to the first scan; the stream stands at the segment's content."""
    stream.seek(2)
    for _ in range(_MOST_SEGMENTS):
        if _exactly(stream, 1) != b"\xff":
            return
        marker = 0xFF
        while marker == 0xFF:
            marker = _exactly(stream, 1)[0]
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        if marker == 0xD9:
            return
        length = int.from_bytes(_exactly(stream, 2), "big")
        if length < 2:
            return
        start = stream.tell()
        yield marker, length - 2
        if marker == 0xDA:
            return
        stream.seek(start + length - 2)


def _is_frame(marker: int) -> bool:
    return 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC)


def _jpeg_size(stream: BinaryIO) -> tuple[int, int] | None:
    for marker, _length in _jpeg_segments(stream):
        if _is_frame(marker):
            frame = _exactly(stream, 5)
            return int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")
    return None


def _png_size(stream: BinaryIO) -> tuple[int, int] | None:
    head = _exactly(stream, 24)
    if head[12:16] != b"IHDR":
        return None
    return int.from_bytes(head[16:20], "big"), int.from_bytes(head[20:24], "big")


def _webp_size(stream: BinaryIO) -> tuple[int, int] | None:
    head = _exactly(stream, 30)
    kind = head[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(head[24:27], "little"), 1 + int.from_bytes(head[27:30], "little")
    if kind == b"VP8L" and head[20] == 0x2F:
        bits = int.from_bytes(head[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    if kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    return None


def _heic_size(stream: BinaryIO) -> tuple[int, int] | None:
    """The largest size any image of the file claims: tiles and thumbnails are smaller than the photo itself."""
    meta = _heic_meta(stream)
    sizes = [
        (int.from_bytes(ispe[4:8], "big"), int.from_bytes(ispe[8:12], "big"))
        for iprp in _boxes(meta[4:], b"iprp")
        for ipco in _boxes(iprp, b"ipco")
        for ispe in _boxes(ipco, b"ispe")
        if len(ispe) >= 12
    ]
    return max(sizes, key=lambda size: size[0] * size[1], default=None)


def _heic_meta(stream: BinaryIO) -> bytes:
    for _ in range(_MOST_SEGMENTS):
        start = stream.tell()
        head = _exactly(stream, 8)
        length, skip = int.from_bytes(head[:4], "big"), 8
        if length == 1:
            length, skip = int.from_bytes(_exactly(stream, 8), "big"), 16
        if head[4:8] == b"meta":
            return stream.read(min(length - skip, _MOST_BOX) if length else _MOST_BOX)
        if length < skip:
            break
        stream.seek(start + length)
    return b""


def _boxes(data: bytes, kind: bytes) -> Iterator[bytes]:
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big") or len(data) - at
        if length < 8:
            return
        if data[at + 4 : at + 8] == kind:
            yield data[at + 8 : at + length]
        at += length


_SIZE_READERS: dict[str, Callable[[BinaryIO], tuple[int, int] | None]] = {
    JPEG: _jpeg_size,
    PNG: _png_size,
    WEBP: _webp_size,
    HEIC: _heic_size,
}


# --- what a derivative may hold -----------------------------------------------------------------------------------

_PLAIN_MARKERS = {0xE0, 0xDB, 0xC0, 0xC2, 0xC4, 0xDD, 0xDA}
_JFIF_LENGTH = 14


def plain_jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Size of a JPEG that carries pixels and nothing else; nothing for any other bytes.

    The derivatives come out of a process that may have been taken over by a photo, so they are looked at too.
    """
    if sniff(data[:HEAD]) != JPEG or not data.endswith(b"\xff\xd9"):
        return None
    stream, found = io.BytesIO(data), set()
    try:
        for marker, length in _jpeg_segments(stream):
            if marker not in _PLAIN_MARKERS or (marker == 0xE0 and length != _JFIF_LENGTH):
                return None
            found.add(marker)
    except _ShortRead:
        return None
    return header_size(data) if 0xDA in found else None
