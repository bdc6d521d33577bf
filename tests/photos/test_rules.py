"""What the bytes of a photo say, without a pixel decoded."""

import io
import subprocess
import sys

import photo_maker
import pytest
from hypothesis import given
from hypothesis import strategies as st

from walkapp.photos import rules

HASH = "ab" * 32

KINDS = {
    rules.JPEG: photo_maker.jpeg(),
    rules.PNG: photo_maker.png(),
    rules.WEBP: photo_maker.webp(),
    rules.HEIC: photo_maker.heic(),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_bytes_tell_the_kind_and_the_size(kind):
    assert rules.sniff(KINDS[kind][: rules.HEAD]) == kind
    assert rules.header_size(KINDS[kind]) == (640, 480)
    assert rules.header_size(io.BytesIO(KINDS[kind])) == (640, 480)


@pytest.mark.parametrize("lossless", [True, False])
def test_a_webp_without_metadata_has_other_headers(lossless):
    assert rules.header_size(photo_maker.bare_webp(lossless)) == (640, 480)


def test_a_progressive_jpeg_has_a_size():
    assert rules.header_size(photo_maker.jpeg(progressive=True)) == (640, 480)


def test_the_size_is_the_one_before_turning():
    assert rules.header_size(photo_maker.jpeg(6)) == (480, 640)


@pytest.mark.parametrize(
    "other",
    [
        photo_maker.svg(),
        b"",
        b"GIF89a" + bytes(60),
        b"BM" + bytes(60),
        b"II*\0" + bytes(60),
        b"%PDF-1.7" + bytes(60),
        b"RIFF\0\0\0\0WAVE" + bytes(52),
        b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miafMA1B" + bytes(30),
        b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + bytes(30),
        b"\0\0\0\x18ftypmif1\0\0\0\0mif1miaf" + bytes(30),
    ],
)
def test_anything_else_is_no_photo(other):
    assert rules.sniff(other) is None
    assert rules.header_size(other) is None


def test_bombs_are_known_by_their_header():
    assert rules.header_size(photo_maker.png_bomb(30_000, 300)) == (30_000, 300)
    assert rules.too_many_pixels(rules.header_size(photo_maker.lying_jpeg()))
    assert rules.too_many_pixels((12_001, 10_000))
    assert not rules.too_many_pixels((12_000, 10_000))
    assert not rules.too_many_pixels(None)


@pytest.mark.parametrize("kind", KINDS)
def test_a_header_that_ends_early_has_no_size(kind):
    for length in range(0, 400, 7):
        assert rules.header_size(KINDS[kind][:length]) in (None, (640, 480))


@given(st.sampled_from(sorted(KINDS)), st.integers(0, 600), st.integers(0, 255))
def test_a_damaged_header_never_raises(kind, at, byte):
    photo = bytearray(KINDS[kind][:2000])
    photo[min(at, len(photo) - 1)] = byte
    size = rules.header_size(bytes(photo))
    assert size is None or (size[0] > 0 and size[1] > 0)


def test_a_jpeg_of_a_million_empty_segments_is_given_up():
    assert rules.header_size(b"\xff\xd8" + b"\xff\xe1\0\x02" * 1_000_000) is None


def test_a_derivative_holds_pixels_only():
    plain = photo_maker.plain_jpeg()
    assert rules.plain_jpeg_size(plain) == (640, 480)
    assert rules.plain_jpeg_size(photo_maker.jpeg()) is None
    assert rules.plain_jpeg_size(photo_maker.jpeg_and_html()) is None
    assert rules.plain_jpeg_size(plain[:200]) is None
    assert rules.plain_jpeg_size(photo_maker.png()) is None
    assert rules.plain_jpeg_size(b"\xff\xd8\xff\xd9") is None
    assert rules.plain_jpeg_size(b"") is None


def test_keys_say_whose_and_what():
    assert rules.original_key("arboga", HASH) == f"arboga/original/ab/ab/{HASH}"
    assert rules.derivative_key("1984", 320, HASH) == f"1984/320/ab/ab/{HASH}"
    assert rules.key_parts(rules.original_key("arboga", HASH)) == ("arboga", "original", HASH)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "/etc/passwd",
        "../arboga/original/ab/ab/" + HASH,
        "arboga/../original/ab/ab/" + HASH,
        "arboga/original/ab/ab/" + HASH + "\n",
        "arboga/original/ab/ab/../../" + HASH,
        "arboga/original/cd/ab/" + HASH,
        "arboga/640/ab/ab/" + HASH,
        "Arboga/original/ab/ab/" + HASH,
        "./original/ab/ab/" + HASH,
        "arboga/original/ab/ab/" + HASH.upper(),
        "arboga\0/original/ab/ab/" + HASH,
    ],
)
def test_no_other_path_is_a_key(key):
    with pytest.raises(ValueError):
        rules.key_parts(key)


@pytest.mark.parametrize("municipality", ["", "..", "a/b", "Å", "-a", "a" * 65])
def test_no_key_is_made_of_an_odd_municipality(municipality):
    with pytest.raises(ValueError):
        rules.original_key(municipality, HASH)


def test_no_key_is_made_of_an_odd_hash_or_size():
    with pytest.raises(ValueError):
        rules.original_key("arboga", "../../../etc/passwd")
    with pytest.raises(ValueError):
        rules.derivative_key("arboga", 640, HASH)


@pytest.mark.parametrize(
    ("received", "seconds", "slow"),
    [(0, 19, False), (19_999, 20, False), (20_500, 21, True), (21_500, 21, False), (25 << 20, 601, True)],
)
def test_a_drip_is_too_slow_but_only_after_a_while(received, seconds, slow):
    assert rules.too_slow(received, seconds) is slow


@pytest.mark.parametrize("module", ["rules", "store", "image"])
def test_the_web_process_loads_no_decoder(module):
    told = f"import walkapp.photos.{module}, sys; print({{'PIL', 'pillow_heif'}} & set(sys.modules))"
    assert subprocess.check_output([sys.executable, "-c", told], text=True).strip() == "set()"
