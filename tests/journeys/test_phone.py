"""The phone in a real browser: lost signal, a dead phone, a server that is down, and the receipt in the end."""

import io
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Error, Page, sync_playwright

from tests.house import Server, run
from tests.journeys.browsers import AXE, PHONE, Pocket, Watch, launch

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]

VIEW = PHONE["viewport"]["width"]


@pytest.fixture
def house(demo_instance: Path, tmp_path: Path) -> Iterator[SimpleNamespace]:
    """A served demo that can be stopped and started again on the same port."""
    instance = tmp_path / "instance"
    shutil.copytree(demo_instance, instance)
    server = Server(instance).start()
    join_link = run(instance, "join-link").strip()
    yield SimpleNamespace(server=server, address=server.address, join=join_link, instance=instance)
    server.stop()


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A large photo as a phone takes it, lying on its side, with a place written into it."""
    picture = Image.effect_noise((3000, 2000), 60).convert("RGB")
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "A camera that tells"
    picture.save(tmp_path / "photo.jpg", quality=80, exif=exif)
    return tmp_path / "photo.jpg"


@pytest.fixture
def pocket(house: SimpleNamespace, chromium: str, tmp_path: Path) -> Iterator[Pocket]:
    """A phone in a pocket; whatever it does is watched."""
    with sync_playwright() as play:
        phone = Pocket(play.chromium, chromium, tmp_path / "profile", Watch(house.address))
        yield phone
        phone.sleep()
    phone.watch.check()


@pytest.fixture
def window(house: SimpleNamespace, chromium: str) -> Iterator[Callable[..., Page]]:
    """Opens a phone's window in a browser without a memory; whatever it does is watched."""
    watch = Watch(house.address)
    with sync_playwright() as play:
        browsers = []

        def opened(*switched: str, **over: Any) -> Page:
            browsers.append(launch(play, chromium, *switched))
            return watch.over(browsers[-1].new_context(**{**PHONE, **over})).new_page()

        yield opened
        for browser in browsers:
            browser.close()
    watch.check()


def join(page: Page, house: SimpleNamespace) -> None:
    page.goto(house.join)
    page.get_by_role("button", name="Gå med", exact=True).click()
    page.get_by_text("Du är med på vandringen", exact=True).wait_for()
    page.wait_for_function("navigator.serviceWorker.controller")
    page.wait_for_function("(async () => (await caches.keys()).length === 1)()")


def write(page: Page, house: SimpleNamespace, text: str, photo: Path | None = None) -> None:
    page.goto(f"{house.address}/field/#/record")
    page.get_by_label("Med egna ord").fill(text)
    if photo:
        page.locator("input[type=file]").first.set_input_files(photo)
        page.locator(".photo.lead img").wait_for()
    page.get_by_role("button", name="Spara", exact=True).click()
    page.get_by_text("Sparad på den här telefonen").wait_for()


def receipt_code(page: Page, house: SimpleNamespace) -> str:
    page.goto(f"{house.address}/field/#/receipt")
    page.get_by_role("heading", name="Tack. Allt du skrev är framme.").wait_for(timeout=30_000)
    return page.locator(".code b").inner_text()


def kept_photos(instance: Path) -> list[bytes]:
    files = [file.read_bytes() for file in (instance / "photos").rglob("*") if file.is_file()]
    return [data for data in files if data[:3] == b"\xff\xd8\xff"]


def test_the_code_leaves_the_address_at_once(house: SimpleNamespace, pocket: Pocket) -> None:
    page = pocket.wake()
    page.goto(house.join)
    page.get_by_role("heading", level=1).wait_for()
    assert "k=" not in page.url


def test_saved_in_the_dark_survives_a_dead_phone_and_a_server_that_is_down(
    house: SimpleNamespace, pocket: Pocket, photo: Path
) -> None:
    page = pocket.wake()
    join(page, house)
    house.server.stop()
    write(page, house, "Lampan vid trappan är släckt.", photo)
    pocket.die()  # in the moment after "saved"

    page = pocket.wake()
    page.goto(f"{house.address}/field/")
    page.get_by_text("En iakttagelse väntar på telefonen").wait_for()
    before = len(kept_photos(house.instance))

    house.server.start()
    page.goto(f"{house.address}/field/#/mine")
    with suppress(Error):  # it may have gone by itself already: then there is nothing to press
        page.get_by_role("button", name="Skicka nu").click(timeout=1_000)
    code = receipt_code(page, house)

    assert len(code) == len("XXXX-XXXX")
    arrived = kept_photos(house.instance)
    assert len(arrived) > before
    newest = max(arrived, key=lambda data: Image.open(io.BytesIO(data)).size == (1067, 1600))
    picture = Image.open(io.BytesIO(newest))
    assert picture.size == (1067, 1600)  # upright, and small enough for one bar of signal
    assert not picture.getexif()


def test_the_words_survive_the_camera_that_ends_the_app(house: SimpleNamespace, pocket: Pocket) -> None:
    page = pocket.wake()
    join(page, house)
    page.goto(f"{house.address}/field/#/record")
    page.get_by_label("Med egna ord").fill("Halvvägs genom en mening")
    page.locator("input[name=feeling]").nth(1).check(force=True)
    with page.expect_file_chooser():
        page.get_by_text("Ta en bild", exact=True).click()
    page.wait_for_timeout(500)
    pocket.die()

    page = pocket.wake()
    page.goto(f"{house.address}/field/#/record")
    page.get_by_text("Bilden kom inte tillbaka").wait_for()
    assert page.get_by_label("Med egna ord").input_value() == "Halvvägs genom en mening"
    assert page.locator("input[name=feeling]").nth(1).is_checked()


def test_what_was_never_sent_is_really_removed_and_what_was_is_withdrawn(
    house: SimpleNamespace, pocket: Pocket
) -> None:
    page = pocket.wake()
    join(page, house)
    pocket.live.set_offline(True)
    write(page, house, "Ångrar mig")
    page.goto(f"{house.address}/field/#/mine")
    page.get_by_role("button", name="Ta bort", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Ta bort").click()
    page.get_by_text("Inget skrivet än").wait_for()

    pocket.live.set_offline(False)
    write(page, house, "Skickas och tas tillbaka")
    receipt_code(page, house)
    page.goto(f"{house.address}/field/#/mine")
    page.get_by_role("button", name="Ta tillbaka", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Ta tillbaka").click()
    page.get_by_text("Återtagen", exact=True).wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_screen_can_be_used_by_everyone(
    house: SimpleNamespace, window: Callable[..., Page], photo: Path, scheme: str, check: Callable[[Page, str], None]
) -> None:
    page = window(color_scheme=scheme)
    join(page, house)
    write(page, house, "Mörkt under bron", photo)
    for screen in ("walk", "ready", "record", "categories", "place", "map", "mine", "receipt", "acute", "join"):
        page.goto(f"{house.address}/field/#/{screen}")
        page.wait_for_timeout(600)
        check(page, screen)


@pytest.fixture
def check() -> Callable[[Page, str], None]:
    """No violation of WCAG 2.2 A and AA, and nothing wider than the screen.

    `target-size` is left out: it counts what lies under the sticky bar before one scrolls.
    """

    def run_axe(page: Page, screen: str) -> None:
        page.evaluate(AXE.read_text())
        tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
        found = page.evaluate("tags => axe.run(document, {runOnly: tags})", tags)
        said = [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found["violations"]]
        assert said == [], screen
        assert page.evaluate("document.documentElement.scrollWidth") <= VIEW, screen

    return run_axe


def test_nothing_is_too_wide_at_320_pixels_and_double_text(house: SimpleNamespace, window: Callable[..., Page]) -> None:
    page = window("--blink-settings=defaultFontSize=32", viewport={"width": 320, "height": 640})
    join(page, house)
    for screen in ("walk", "ready", "record", "categories", "place", "map", "mine", "receipt", "acute"):
        page.goto(f"{house.address}/field/#/{screen}")
        page.wait_for_timeout(400)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, screen
