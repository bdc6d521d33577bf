"""The dark room: upright by pixels, bare of everything else, and a fence that holds."""

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import photo_maker
import pytest
from PIL import Image

from walkapp.photos import image, rules
from walkapp.photos.image import dark_room

SHARED = photo_maker.shared_photos()


def bytes_of(photo):
    return photo if isinstance(photo, bytes) else photo.read_bytes()


def twin_of(path):
    """The same photo, taken with the phone upright."""
    return path.with_name(path.name.rsplit("_", 1)[0] + "_1.jpg")


def named(made, *paths):
    """What is made here, and beside it what was found elsewhere."""
    return [pytest.param(made, id="made here"), *(pytest.param(path, id=path.name) for path in paths)]


MARKED = named(photo_maker.jpeg(5), *(path for path in SHARED if path.name.startswith("arboga_o")))
TURNED = named(photo_maker.jpeg(7), *(path for path in SHARED if path.name.startswith("recurser_")))
BROKEN = named(photo_maker.truncated(), *(path for path in SHARED if path.parent.name == "invalid"))


@pytest.fixture(scope="module")
def room():
    with image.DarkRoom() as room:
        yield room


@pytest.fixture
def developed(room, tmp_path):
    def develop(photo):
        path = tmp_path / "photo"
        path.write_bytes(photo)
        return room.develop(path)

    return develop


def refused(developed, photo):
    """The reason why, and that it came in under a second."""
    started = time.monotonic()
    with pytest.raises(image.BadImage) as caught:
        developed(photo)
    assert time.monotonic() - started < 1
    return caught.value.reason


def fate(develop, photo):
    """What became of it, in one word."""
    try:
        develop(photo)
    except image.BadImage as bad:
        return bad.reason
    return "developed"


# --- upright ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("make", [photo_maker.jpeg, photo_maker.png, photo_maker.webp], ids=["jpeg", "png", "webp"])
def test_a_photo_stands_upright_however_the_phone_was_held(developed, make, orientation):
    photo = developed(make(orientation))
    assert (photo.width, photo.height) == (640, 480)
    assert [photo_maker.is_upright(data) for data in photo.derivatives.values()] == [True, True, True]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_heic_is_turned_once_and_not_twice(developed, orientation):
    photo = developed(photo_maker.heic(orientation))
    assert (photo.width, photo.height) == (640, 480)
    assert all(photo_maker.is_upright(data) for data in photo.derivatives.values())


def test_the_maker_itself_is_seen_through():
    """A photo nobody turned must fail the look at its pixels, or the tests above say nothing."""
    for orientation in range(2, 9):
        out = io.BytesIO()
        photo_maker.as_taken(orientation).save(out, "JPEG")
        assert not photo_maker.is_upright(out.getvalue())


@pytest.mark.parametrize("photo", MARKED)
def test_photos_from_elsewhere_stand_upright_too(developed, photo):
    assert photo_maker.is_upright(developed(bytes_of(photo)).derivatives[800])


@pytest.mark.parametrize("photo", TURNED)
def test_real_turned_photos_look_like_their_upright_twin(developed, photo):
    twin = photo_maker.jpeg(1) if isinstance(photo, bytes) else twin_of(photo)
    one, other = (
        Image.open(io.BytesIO(developed(bytes_of(which)).derivatives[320])).convert("L").resize((24, 16)).tobytes()
        for which in (photo, twin)
    )
    assert sum(abs(a - b) for a, b in zip(one, other, strict=True)) / len(one) < 12


def test_a_broken_orientation_does_not_cost_the_photo(developed):
    photo = bytearray(photo_maker.jpeg(1))
    at = photo.index(b"Exif\0\0")
    photo[at + 6 : at + 40] = b"\xff" * 34
    assert photo_maker.is_upright(developed(bytes(photo)).derivatives[320])


# --- sizes and modes ----------------------------------------------------------------------------------------------


def test_three_sizes_by_their_long_side(developed):
    photo = developed(photo_maker.jpeg(6, width=4000, height=3000))
    assert (photo.width, photo.height) == (4000, 3000)
    sizes = {side: rules.header_size(data) for side, data in photo.derivatives.items()}
    assert sizes == {1600: (1600, 1200), 800: (800, 600), 320: (320, 240)}


def test_nothing_is_made_larger_than_it_was(developed):
    photo = developed(photo_maker.jpeg(width=500, height=1000))
    assert {side: rules.header_size(data) for side, data in photo.derivatives.items()} == {
        1600: (500, 1000),
        800: (400, 800),
        320: (160, 320),
    }


@pytest.mark.parametrize(
    ("mode", "kind"),
    [("CMYK", "JPEG"), ("L", "JPEG"), ("P", "PNG"), ("RGBA", "PNG"), ("LA", "PNG"), ("RGBA", "WEBP"), ("RGBA", "HEIF")],
)
def test_odd_modes_come_out_as_the_same_picture(developed, mode, kind):
    derivative = developed(photo_maker.picture(mode, kind, quality=90)).derivatives[800]
    grey = mode in ("L", "LA")
    assert photo_maker.is_upright(derivative) or grey
    blue = Image.open(io.BytesIO(derivative)).convert("L").getpixel((500, 400))
    assert abs(blue - 102) < 20


@pytest.mark.parametrize("mode", ["I;16", "1"])
def test_grey_of_sixteen_bits_and_of_one(developed, mode):
    derivative = developed(photo_maker.picture(mode, "PNG")).derivatives[800]
    picture = Image.open(io.BytesIO(derivative)).convert("L").resize((4, 3), Image.Resampling.BOX)
    assert abs(picture.getpixel((3, 2)) - 102) < 25


def test_what_is_seen_through_stands_on_white(developed):
    out = io.BytesIO()
    Image.new("RGBA", (64, 64), (0, 0, 0, 0)).save(out, "PNG")
    assert Image.open(io.BytesIO(developed(out.getvalue()).derivatives[320])).getpixel((30, 30)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(8000, 6000), (12_000, 9000)], ids=["48 MP", "108 MP"])
def test_the_largest_phones_are_taken(developed, size):
    photo = developed(photo_maker.huge_jpeg(*size))
    assert (photo.width, photo.height) == size
    assert photo_maker.is_upright(photo.derivatives[1600])


# --- nothing but pixels -------------------------------------------------------------------------------------------

WITH_SECRETS = {
    "jpeg": photo_maker.jpeg(6),
    "png": photo_maker.png(6),
    "webp": photo_maker.webp(6),
    "heic": photo_maker.heic(6),
    "page": photo_maker.jpeg_and_html(),
    "archive": photo_maker.jpeg_and_zip(),
}


@pytest.mark.parametrize("name", WITH_SECRETS)
def test_nothing_but_pixels_survives(developed, name):
    original = WITH_SECRETS[name]
    assert photo_maker.SECRET in original or name == "archive"
    for data in developed(original).derivatives.values():
        assert rules.plain_jpeg_size(data) is not None
        for trace in (
            photo_maker.SECRET,
            b"Exif",
            b"GPS",
            b"http",
            b"xmp",
            b"ICC_PROFILE",
            b"<script",
            b"PK\3\4",
            b"2026",
        ):
            assert trace not in data
        picture = Image.open(io.BytesIO(data))
        assert not picture.getexif()
        assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


# --- harm ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("photo", "reason"),
    [
        (photo_maker.png_bomb(), "too_large"),
        (photo_maker.lying_jpeg(), "too_large"),
        (photo_maker.truncated(), "broken"),
        (photo_maker.truncated(photo_maker.png()), "broken"),
        (photo_maker.truncated(photo_maker.webp()), "broken"),
        (photo_maker.truncated(photo_maker.heic()), "broken"),
        (photo_maker.svg(), "not_an_image"),
        (b"", "not_an_image"),
        (photo_maker.jpeg(width=20, height=20), "too_small"),
    ],
    ids=["bomb", "liar", "half jpeg", "half png", "half webp", "half heic", "svg", "empty", "tiny"],
)
def test_harm_is_refused_at_once(developed, photo, reason):
    assert refused(developed, photo) == reason


def test_a_header_that_lies_a_little_costs_no_more_than_a_large_photo(developed):
    started = time.monotonic()
    assert fate(developed, photo_maker.lying_jpeg(10_000, 10_000)) in {"developed", "broken"}
    assert time.monotonic() - started < 3


def test_only_four_formats_are_opened(developed):
    for kind in ("GIF", "BMP", "TIFF", "ICO", "PPM", "JPEG2000", "TGA"):
        out = io.BytesIO()
        photo_maker.scene().save(out, kind)
        assert refused(developed, out.getvalue()) == "not_an_image"


@pytest.mark.parametrize("photo", BROKEN)
def test_broken_photos_from_elsewhere_end_in_an_answer(developed, photo):
    assert fate(developed, bytes_of(photo)) in {"developed", "broken", "not_an_image", "too_small"}


def test_damaged_photos_never_bring_the_room_down(developed):
    photo, before = photo_maker.jpeg(), developed(photo_maker.plain_jpeg())
    for at in range(0, len(photo), len(photo) // 40):
        damaged = bytearray(photo)
        damaged[at : at + 4] = os.urandom(4)
        assert fate(developed, bytes(damaged)) not in {"died", "late", "unclean"}
    assert developed(photo_maker.plain_jpeg()) == before


def test_a_photo_that_needs_too_much_memory_is_told_apart(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(photo_maker.png_bomb(10_000, 10_000))
    with image.DarkRoom(memory=160 << 20) as room, pytest.raises(image.BadImage) as caught:
        room.develop(path)
    assert caught.value.reason == "memory"
    assert caught.value.worth_a_retry


def test_a_late_child_is_ended_and_the_room_goes_on(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(photo_maker.huge_jpeg(12_000, 9000))
    with image.DarkRoom(seconds=0.05) as room:
        with pytest.raises(image.BadImage) as caught:
            room.develop(path)
        assert caught.value.reason == "late"
        path.write_bytes(photo_maker.jpeg(width=64, height=64))
        assert room.develop(path).width == 64


def children(pid):
    return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def wait_for(what):
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.001)
    raise AssertionError("it did not come")


def start_on_a_long_photo(room, tmp_path, outcome):
    """A thread that develops a photo for a while, and the child that is at it."""
    path = tmp_path / "photo"
    path.write_bytes(photo_maker.huge_jpeg(12_000, 9000))

    def work():
        try:
            outcome.append(room.develop(path))
        except Exception as error:
            outcome.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    return thread, wait_for(lambda: children(room._process.pid))[0]


def test_a_killed_child_is_told_and_the_room_goes_on(tmp_path, developed, room):
    outcome = []
    developed(photo_maker.plain_jpeg())
    thread, child = start_on_a_long_photo(room, tmp_path, outcome)
    os.kill(child, signal.SIGKILL)
    thread.join()
    assert isinstance(outcome[0], image.BadImage)
    assert outcome[0].reason == "died"
    assert developed(photo_maker.plain_jpeg()).width == 640


def test_a_killed_room_takes_its_child_along_and_starts_again(tmp_path, developed, room):
    outcome = []
    developed(photo_maker.plain_jpeg())
    thread, child = start_on_a_long_photo(room, tmp_path, outcome)
    room._process.kill()
    thread.join()
    assert isinstance(outcome[0], image.DarkRoomGone)
    wait_for(lambda: not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text())
    assert developed(photo_maker.plain_jpeg()).width == 640


OWNER = """
import sys, time
from pathlib import Path
from walkapp.photos.image import DarkRoom
room = DarkRoom()
room.develop(Path(sys.argv[1]))
print(room._process.pid, flush=True)
time.sleep(60)
"""


def test_the_room_ends_when_the_job_process_is_killed(tmp_path):
    path = tmp_path / "photo"
    path.write_bytes(photo_maker.plain_jpeg())
    with subprocess.Popen([sys.executable, "-c", OWNER, str(path)], stdout=subprocess.PIPE) as owner:
        room = int(owner.stdout.readline())
        assert Path(f"/proc/{room}").exists()
        owner.kill()
    wait_for(lambda: not Path(f"/proc/{room}").exists() or "Z (" in Path(f"/proc/{room}/stat").read_text())


# --- the fence ----------------------------------------------------------------------------------------------------


def test_the_fence_holds_from_inside(room):
    told = room.layers()
    held, tried = told["held"], told["refused"]
    assert held["unprivileged"]
    assert held["no_new_privileges"]
    assert held["limits"]
    assert {"open", "create", "socket", "unix", "kill", "exec"} <= {name for name, was in tried.items() if was}
    assert tried["fork"] or not held["seccomp"]


PRISONER = """
import json, os, sys
from walkapp.photos.image import fence
if "ordinary" in sys.argv and os.getuid() == 0:
    os.setgroups([]), os.setresgid(1000, 1000, 1000), os.setresuid(1000, 1000, 1000)
if "bare" in sys.argv:
    fence.pyseccomp = None
    fence._landlock = lambda: 0
print(json.dumps([fence.raise_fence(1 << 30, 5, os.getppid()), fence.probe()]), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("who", [["ordinary"], ["bare"], ["ordinary", "bare"]], ids=" ".join)
def test_the_fence_holds_for_ordinary_users_and_on_old_kernels(who):
    held, tried = json.loads(subprocess.check_output([sys.executable, "-c", PRISONER, *who], text=True))
    assert held["unprivileged"]
    assert held["no_new_privileges"]
    assert {"open", "create", "socket", "unix"} <= {name for name, was in tried.items() if was}
    assert held["seccomp"] is not ("bare" in who) or not tried["fork"]


def test_the_layers_are_asked_once(monkeypatch):
    first = image.layers()
    monkeypatch.setattr(dark_room, "DarkRoom", None)
    assert image.layers() is first


def test_the_room_knows_nothing_of_our_environment(room, monkeypatch):
    monkeypatch.setenv("WALKAPP_SECRET", "do not tell")
    with image.DarkRoom() as other:
        other.layers()
        environment = Path(f"/proc/{other._process.pid}/environ").read_bytes()
    assert environment == b"LANG=C.UTF-8\0"


def test_a_child_that_lies_is_not_believed():
    plain, dirty = photo_maker.plain_jpeg(), photo_maker.jpeg()

    def answer(width, height, *parts):
        head = f'{{"width": {width}, "height": {height}, "lengths": {[len(part) for part in parts]}}}'
        return head.encode() + b"\n" + b"".join(parts), {"late": False, "code": 0}

    small = io.BytesIO()
    photo_maker.scene(320, 240).save(small, "JPEG")
    thumb = small.getvalue()
    assert dark_room._developed(answer(640, 480, plain, plain, thumb)).width == 640
    for lie in (
        answer(640, 480, plain, plain, plain),
        answer(640, 480, plain, dirty, thumb),
        answer(640, 480, plain, thumb),
        answer(0, 480, plain, plain, thumb),
        answer(65_000, 65_000, plain, plain, thumb),
        answer('"wide"', 480, plain, plain, thumb),
        (b"", {"late": False, "code": 0}),
        (b"[]\n", {"late": False, "code": 0}),
        (b'{"refused": "because"}', {"late": False, "code": 0}),
    ):
        with pytest.raises(image.BadImage) as caught:
            dark_room._developed(lie)
        assert caught.value.reason == "unclean"
