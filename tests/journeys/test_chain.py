"""The main job in one go: a walk from its plan, over a phone without network, to the council's minutes and the answer."""

import io
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import icalendar
import pypdf
import pytest
from PIL import Image
from playwright.sync_api import APIResponse, Browser, Locator, Page, expect, sync_playwright

from tests import photo_maker
from tests.journeys.browsers import ARBOGA, DESK, PATIENCE, PHONE, Pocket, Watch, launch
from tests.journeys.town import Town, Wire, body_of, calendar_in, soon
from tests.phones import Phone

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("journeys")]
expect.set_options(timeout=PATIENCE)

CODE = "1984"
WALK = "Nytorget–resecentrum"
STREETS, ROADS = "Gatukontoret", "Statlig väghållare"
STREETS_MAIL, ROADS_MAIL, POLICE_MAIL = "drift@gata.example", "svar@vag.example", "polis@arboga.example"
PEOPLE = {
    "coordinator": ("samordnare@arboga.example", "Karin Samordnare"),
    "chair": ("ordforande@arboga.example", "Olof Ordförande"),
    "secretary": ("sekreterare@arboga.example", "Siv Sekreterare"),
    "council_member": ("ledamot@arboga.example", "Lars Ledamot"),
}
SECRET_NAME = "Petra Hemlighetsson"
DARK = "Lampan vid trappan är släckt, och man ser inte stegen."
SAFE = "Hållplatsen är ljus och folk sitter kvar på bänken."
SAME = "Det är kolmörkt i trappan ner mot ån."
NO = "Vägen byggs om nästa år, och då försvinner räcket."
DONE = "Armaturen är bytt."
COUNCIL_SAYS = "Rådet vill ha besked före jul."


@dataclass
class Story:
    """What the links of the chain hand on to one another."""

    town: Town
    browser: Browser
    watch: Watch
    walk: str = ""
    code: str = ""
    observations: dict[str, str] = field(default_factory=dict)
    photos: dict[str, str] = field(default_factory=dict)
    other: Phone | None = None
    actions: dict[str, str] = field(default_factory=dict)

    def page(self, **over: Any) -> Page:
        """Open a browser window of its own: no cookies, no memory."""
        return self.watch.over(self.browser.new_context(**{**DESK, **over})).new_page()

    def at(self, path: str) -> str:
        """Return the address of a page of the walk, or of the house when the path is absolute."""
        return f"{self.town.address}{path}" if path.startswith("/") else f"{self.town.address}/walks/{self.walk}/{path}"

    def fetch(self, page: Page, path: str) -> APIResponse:
        """Fetch a file with the window's cookies."""
        return page.context.request.get(self.at(path))


@pytest.fixture
def story(chromium: str, tmp_path: Path) -> Iterator[Story]:
    """A new instance with its people and owners, served; and a browser that is watched."""
    town = Town(tmp_path / "instance")
    town.instance.mkdir()
    set_up(town)
    town.server.start()
    try:
        with sync_playwright() as play:
            browser = launch(play, chromium)
            yield Story(town, browser, Watch(town.address))
            browser.close()
    finally:
        with suppress(ProcessLookupError, ValueError):
            town.server.stop()


def set_up(town: Town) -> None:
    """What an operator types on a new machine."""
    town.command("db", "upgrade")
    assert "arboga" in town.command("municipality", "add", CODE)
    town.command("organisation", "add", "gata", "--name", STREETS, "--kind", "municipal_unit", "--municipality", CODE)
    town.command("organisation", "add", "vag", "--name", ROADS, "--kind", "state", "--municipality", CODE)
    for role, (address, name) in PEOPLE.items():
        seat = () if role == "coordinator" else ("--council", "bra")
        town.command("person", "add", address, "--name", name, "--role", role, "--municipality", CODE, *seat)


def test_one_walk_from_the_phone_to_the_minutes(story: Story, chromium: str, tmp_path: Path) -> None:
    """Links 1 to 10, each as people do it."""
    desk = sign_in(story, "coordinator")
    nobody_else_gets_in(story)
    keep_register(story, desk)
    plan(story, desk)
    invite(story, desk)
    with sync_phone(story, chromium, tmp_path) as pocket:
        record_without_network(story, pocket, desk, tmp_path)
    look_at_what_arrived(story)
    somebody_else_saw_it_too(story, desk)
    review(story, desk)
    nobody_gets_what_no_person_has_looked_at(story)
    act(story, desk)
    owners_answer(story, desk, tmp_path)
    hold_the_council(story, desk)
    papers(story, desk, tmp_path)
    what_the_public_reads(story)
    story.watch.check()


# -- 1. sign in ----------------------------------------------------------------------------------------------------


def sign_in(story: Story, role: str) -> Page:
    """By the link of the command: reading it spends nothing, one press does, and only once."""
    address, name = PEOPLE[role]
    link = story.town.command("sign-in-link", address)
    assert link.startswith(f"{story.town.address}/sign-in#t=")
    page = story.page()
    for _ in range(2):
        page.goto(link)
        assert story.town.row("select spent_at from sign_in_token order by id desc limit 1")["spent_at"] is None
        page.goto("about:blank")
    page.goto(link)
    expect(page).to_have_url(f"{story.town.address}/sign-in")  # the secret leaves the address bar
    page.get_by_role("button", name="Logga in", exact=True).click()
    expect(page.get_by_text(name)).to_be_visible()
    assert story.town.row("select spent_at from sign_in_token order by id desc limit 1")["spent_at"]
    return page


def nobody_else_gets_in(story: Story) -> None:
    """A link that was used opens nothing."""
    address, name = PEOPLE["coordinator"]
    link = story.town.command("sign-in-link", address)
    for allowed in (True, False):
        page = story.page()
        page.goto(link)
        page.get_by_role("button", name="Logga in", exact=True).click()
        expect(page.get_by_text(name)).to_have_count(1 if allowed else 0)
        expect(page.get_by_role("button", name="Logga ut")).to_have_count(1 if allowed else 0)
        page.context.close()


def keep_register(story: Story, desk: Page) -> None:
    """Say what each owner answers for, and where its letters go."""
    desk.get_by_role("link", name="Ansvariga", exact=True).click()
    for owner, category, address in ((STREETS, "Belysning", STREETS_MAIL), (ROADS, "Trafik, cyklar", ROADS_MAIL)):
        desk.get_by_role("link", name=owner).click()
        desk.get_by_role("checkbox", name=category).check()
        desk.get_by_role("button", name="Spara", exact=True).click()
        desk.get_by_label("Funktion eller namn").fill("Driften")
        desk.get_by_label("E-post").fill(address)
        desk.get_by_role("button", name="Lägg till adressen").click()
        expect(desk.get_by_text(address)).to_be_visible()
        expect(desk.get_by_role("checkbox", name=category)).to_be_checked()
        desk.goto(story.at("/agencies/"))


# -- 2. plan -------------------------------------------------------------------------------------------------------


def plan(story: Story, desk: Page) -> None:
    """Type, purpose, theme, today's dusk, area and route pressed out on the map, stops, leader, groups."""
    desk.goto(story.at("/walks/"))
    desk.get_by_role("link", name="Planera en vandring").click()
    desk.get_by_label("Vandringens namn").fill(WALK)
    desk.get_by_label("Typ av vandring").select_option("inventory")
    desk.get_by_label("Tema").select_option("centre")
    desk.get_by_label("Varför just här?").fill("Många går här till tåget när det är mörkt.")
    desk.get_by_label("Datum").fill(f"{now():%Y-%m-%d}")
    desk.get_by_label("Från", exact=True).fill("16:00")
    desk.get_by_label("Till", exact=True).fill("18:00")
    expect(desk.get_by_text(re.compile(r"Solen går ner kl"))).to_be_visible()  # computed for the place
    desk.get_by_label("Vandringsledare").select_option(label=PEOPLE["coordinator"][1])
    desk.get_by_label("Samlingsplats").fill("Nytorget, vid busskuren")
    desk.get_by_label("Områdets namn").fill("Centrum")
    desk.get_by_role("button", name="Spara utkast").click()

    story.walk = re.search(r"/walks/([0-9a-f-]{36})/plan", desk.url).group(1)
    expect(desk.get_by_text(re.compile(r"Solen går ner kl"))).to_be_visible()
    draw(desk)
    desk.get_by_label("Grupp", exact=True).first.fill("Norra gruppen")
    desk.get_by_role("button", name="Spara utkast").first.click()
    expect(desk.get_by_text("Sparat.")).to_be_visible()
    stops = desk.locator("#stops").get_by_label("Plats")
    assert [stops.nth(at).input_value() for at in range(stops.count())] == ["Trappan", "Busshållplatsen"]
    assert desk.locator("#stops").get_by_label("Frågor vid stoppet").first.input_value().count("\n") >= 4

    desk.get_by_label("Grupp", exact=True).nth(1).fill("Södra gruppen")
    desk.get_by_role("button", name="Klar att bjuda in").click()
    expect(desk.get_by_role("heading", level=1, name=WALK)).to_be_visible()
    expect(desk.get_by_text("Norra gruppen")).to_be_visible()
    walk = story.town.row("select state, route from walk")
    assert walk["state"] == "planned"
    assert json.loads(walk["route"])["type"] == "LineString"


def now() -> datetime:
    """The time in the town."""
    return datetime.now(ZoneInfo("Europe/Stockholm"))


def draw(desk: Page) -> None:
    """Press area, route, stops and meeting point out on the map; the form's real fields take them down."""
    board = desk.get_by_role("group", name="Område och rutt")
    board.scroll_into_view_if_needed()
    tools = {shape: desk.locator(f"[data-draw={shape}]") for shape in ("area", "route", "stops", "point")}

    tools["area"].get_by_role("button", name="Rita område").click()
    press(board, (0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75), (0.25, 0.25))
    expect(tools["area"].get_by_role("status")).to_contain_text("hörn")
    tools["area"].get_by_role("button", name="Klar", exact=True).click()
    area = shape_in(desk, "area")
    assert area["type"] == "Polygon"
    assert len(area["coordinates"][0]) == 5  # four corners, and the first again
    assert_in_town(area["coordinates"][0])

    tools["route"].get_by_role("button", name="Rita rutt").click()
    press(board, (0.3, 0.35), (0.5, 0.55), (0.7, 0.45))
    tools["route"].get_by_role("button", name="Klar", exact=True).click()
    route = shape_in(desk, "route")
    assert route["type"] == "LineString"
    assert len(route["coordinates"]) == 3
    assert_in_town(route["coordinates"])

    tools["stops"].get_by_role("button", name="Lägg till stopp").click()
    press(board, (0.3, 0.35), (0.7, 0.45))
    tools["stops"].get_by_role("button", name="Klar", exact=True).click()
    for number, name in enumerate(("Trappan", "Busshållplatsen"), 1):
        box = tools["stops"].get_by_role("textbox", name=f"Stopp {number}: platsens namn")
        box.fill(name)
        box.press("Tab")
    spots = shape_in(desk, "spots")["features"]
    assert [spot["properties"]["name"] for spot in spots] == ["Trappan", "Busshållplatsen"]

    tools["point"].get_by_role("button", name="Sätt ut punkten").click()
    press(board, (0.32, 0.6))
    tools["point"].get_by_role("button", name="Klar", exact=True).click()
    assert_in_town([shape_in(desk, "meeting")["coordinates"]])


def press(board: Locator, *places: tuple[float, float]) -> None:
    """Press on the map, at fractions of its width and height."""
    box = board.bounding_box()
    mouse = board.page.mouse
    for x, y in places:
        mouse.move(box["x"] + box["width"] * x, box["y"] + box["height"] * y, steps=4)
        mouse.down()
        mouse.up()


def shape_in(desk: Page, name: str) -> dict[str, Any]:
    """Read the real form field under the map."""
    return json.loads(desk.locator(f"textarea[name={name}]").input_value())


def assert_in_town(places: list[list[float]]) -> None:
    assert all(abs(lat - 59.394) < 0.05 and abs(lon - 15.838) < 0.08 for lon, lat in places), places


# -- 3. invite and join --------------------------------------------------------------------------------------------


def invite(story: Story, desk: Page) -> None:
    """A letter with a calendar, an answer to it, the poster; and the spoken code leads to the same place as the QR."""
    desk.get_by_role("link", name="Bjud in", exact=True).click()
    desk.get_by_label("Roll eller organisation").fill("Kommunpolis")
    desk.get_by_label("Namn (om du vill)").fill("Anna Ek")
    desk.get_by_label("E-post", exact=True).fill(POLICE_MAIL)
    desk.get_by_role("button", name="Lägg till inbjudan").click()
    desk.get_by_role("button", name="Skicka 1 inbjudan").click()
    letter = story.town.letter(POLICE_MAIL)
    assert WALK in letter["Subject"]
    (event,) = icalendar.Calendar.from_ical(calendar_in(letter)).walk("VEVENT")
    begins = event["DTSTART"].dt.astimezone(ZoneInfo("Europe/Stockholm"))
    assert (begins.date(), f"{begins:%H:%M}") == (now().date(), "16:00")
    answer_the_invitation(story, body_of(letter))

    desk.goto(story.at("poster"))
    story.code = story.town.row("select join_code from walk")["join_code"]
    expect(desk.get_by_text(story.code)).to_be_visible()
    expect(desk.locator("svg.qr")).to_be_visible()
    expect(desk.get_by_text("Telefoner når inte")).to_be_visible()  # the address is this machine's own

    link = story.town.command("join-link")
    assert link == f"{story.town.address}/field/join#w={story.walk}&k={story.code}"
    other = story.page(**PHONE)
    other.goto(story.at("/join"))
    other.get_by_label("Vandringens kod").fill(story.code.replace("-", " ").lower())
    other.get_by_role("button", name="Fortsätt").click()
    expect(other.get_by_role("heading", level=1, name="Välkommen på trygghetsvandring")).to_be_visible()
    assert story.code not in other.url
    other.get_by_role("button", name="Gå med", exact=True).click()
    expect(other.get_by_text("Du är med på vandringen", exact=True)).to_be_visible()
    other.context.close()


def answer_the_invitation(story: Story, text: str) -> None:
    page = story.page()
    page.goto(re.search(r"http\S+/rsvp#i=\S+", text).group(0))
    page.get_by_label("Ja, jag kommer").check()
    before = story.town.row("select state from invitation")["state"]
    page.get_by_role("button", name=re.compile("[Ss]kicka|[Ss]vara")).click()
    soon(lambda: story.town.row("select state from invitation")["state"] == "yes", "the answer to the invitation")
    assert before == "sent"  # looking at it was no answer
    page.context.close()


@contextmanager
def sync_phone(story: Story, chromium: str, tmp_path: Path) -> Iterator[Pocket]:
    """A phone with a memory, in an engine of its own: it will be killed."""
    pocket = Pocket(story.browser.browser_type, chromium, tmp_path / "profile", story.watch)
    try:
        yield pocket
    finally:
        pocket.sleep()


# -- 4. record -----------------------------------------------------------------------------------------------------


def record_without_network(story: Story, pocket: Pocket, desk: Page, tmp_path: Path) -> None:
    """Three observations with photos while the phone has no network; a reload and a dead browser in between."""
    page = pocket.wake()
    page.goto(story.town.command("join-link", story.walk))
    expect(
        page.get_by_text("Det du skriver och fotograferar skickas till kommunen")
    ).to_be_visible()  # the notice of two sentences
    page.get_by_role("radio", name="Norra gruppen").check()
    page.get_by_label("Ditt namn").fill(SECRET_NAME)
    page.get_by_role("button", name="Gå med", exact=True).click()
    expect(page.get_by_text("Du är med på vandringen", exact=True)).to_be_visible()
    page.wait_for_function("navigator.serviceWorker.controller")
    page.wait_for_function("(async () => (await caches.keys()).length === 1)()")
    begin_the_walk(story, desk)
    page.get_by_role("link", name="Börja vandra").click()

    pocket.live.set_offline(True)
    record_deficiency(page, as_taken(tmp_path, 6, 2400, 1800))
    page.reload()
    expect(page.get_by_role("link", name="Mina (1)")).to_be_visible()
    record_safe_place(page, as_taken(tmp_path, 3, 2000, 1250))
    pocket.die()  # in the moment after "saved"

    story.town.server.stop()  # and now it is the server that is gone
    page = pocket.wake()
    page.goto(story.at("/field/"))
    expect(page.get_by_role("link", name="Mina (2)")).to_be_visible()
    record_photo_only(page, as_taken(tmp_path, 8, 1200, 1500))
    page.get_by_role("link", name="Mina (3)").click()
    expect(page.get_by_text(DARK)).to_be_visible()
    expect(page.get_by_text(SAFE)).to_be_visible()
    expect(page.locator("li.mine img.thumbnail")).to_have_count(3)
    pocket.live.set_offline(True)

    story.town.server.start()
    assert story.town.rows("select id from observation") == []
    pocket.live.set_offline(False)  # by itself from here on: nobody presses anything
    soon(lambda: len(story.town.rows("select id from photo")) == 3, "the three photos")
    page.get_by_role("link", name="Till kvittot").click()
    expect(page.get_by_role("heading", name="Tack. Allt du skrev är framme.")).to_be_visible()
    receipt = page.locator(".code b").inner_text()
    assert re.fullmatch(r"[A-Z2-7]{4}-[A-Z2-7]{4}", receipt)
    desk.goto(story.at("live"))
    expect(desk.get_by_role("row").filter(has_text=SECRET_NAME)).to_contain_text(receipt)


def begin_the_walk(story: Story, desk: Page) -> None:
    """The leader opens the walk, and lets the participants see one another's observations."""
    desk.goto(story.at(""))
    desk.get_by_role("button", name="Öppna vandringen").click()
    desk.get_by_role("button", name="Låt alla se allas iakttagelser").click()
    expect(desk.get_by_text("Deltagarna ser varandras iakttagelser.")).to_be_visible()


def as_taken(tmp_path: Path, orientation: int, width: int, height: int) -> Path:
    """A photo lying on its side, with the sender's secrets and position in it."""
    file = tmp_path / f"IMG_{orientation}.jpg"
    file.write_bytes(photo_maker.jpeg(orientation, width=width, height=height))
    with Image.open(file) as picture:
        assert picture.getexif().get_ifd(0x8825)
    return file


def record_deficiency(page: Page, photo: Path) -> None:
    """Everything: photo, category, kind, feeling, words, and the pin moved ten metres to the north."""
    new_observation(page)
    choose_photo(page, "Ta en bild", photo)
    page.get_by_role("radio", name="Belysning").check()
    page.get_by_role("radio", name="Brist").check()
    page.get_by_role("radio", name=re.compile("^2.*otrygg")).check()
    page.get_by_label("Med egna ord").fill(DARK)
    expect(page.get_by_text("Telefonens plats")).to_be_visible()
    page.get_by_role("link", name="Flytta").click()
    for _ in range(10):
        page.get_by_role("button", name="Norrut").click()
    page.get_by_role("button", name="Använd den här platsen").click()
    expect(page.get_by_text("Vald på kartan")).to_be_visible()
    expect(page.get_by_label("Med egna ord")).to_have_value(DARK)
    save(page)


def record_safe_place(page: Page, photo: Path) -> None:
    new_observation(page)
    choose_photo(page, "Välj bild", photo)
    page.get_by_role("radio", name="Trygg plats").check()
    page.get_by_label("Vad gör att det känns tryggt?").fill(SAFE)
    expect(page.get_by_text("Telefonens plats")).to_be_visible()
    save(page)


def record_photo_only(page: Page, photo: Path) -> None:
    """A photo and Save is enough."""
    new_observation(page)
    choose_photo(page, "Ta en bild", photo)
    expect(page.get_by_text("Telefonens plats")).to_be_visible()
    save(page)


def new_observation(page: Page) -> None:
    page.get_by_role("link", name="Ny iakttagelse").click()
    expect(page.get_by_role("heading", level=1, name="Ny iakttagelse")).to_be_visible()


def choose_photo(page: Page, way: str, photo: Path) -> None:
    with page.expect_file_chooser() as opened:
        page.get_by_text(way, exact=True).click()
    opened.value.set_files(photo)
    expect(page.get_by_role("img", name="Din bild 1 av 1")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_role("button", name="Spara", exact=True).click()
    expect(page.get_by_text("Sparad på den här telefonen")).to_be_visible()


def look_at_what_arrived(story: Story) -> None:
    """Upright, without metadata: already as the phone sent it, and as the house shows it."""
    rows = story.town.rows(
        "select o.id, o.number, o.kind, o.text, o.lat, o.place_source, p.id photo, p.sha256 from observation o"
        " join observation_photo l on l.observation_id = o.id join photo p on p.sha256 = l.sha256 order by o.number"
    )
    assert [row["number"] for row in rows] == [1, 2, 3]
    assert [row["text"] for row in rows] == [DARK, SAFE, None]
    assert [row["place_source"] for row in rows] == ["map", "gps", "gps"]
    assert rows[0]["lat"] - ARBOGA["latitude"] == pytest.approx(10 / 111_320, rel=0.2)
    for name, row in zip(("dark", "safe", "bare"), rows, strict=True):
        story.observations[name], story.photos[name] = as_uuid(row["id"]), as_uuid(row["photo"])
        assert_bare_and_upright(story.town.phone_photo(row["sha256"]))


def as_uuid(value: str) -> str:
    """Return an id as it stands in addresses."""
    plain = value.replace("-", "")
    return "-".join((plain[:8], plain[8:12], plain[12:16], plain[16:20], plain[20:]))


def assert_bare_and_upright(photo: bytes) -> None:
    picture = Image.open(io.BytesIO(photo))
    assert max(picture.size) <= 1600
    assert not picture.getexif()
    assert not set(picture.info) & {"exif", "xmp", "comment"}
    assert photo_maker.SECRET not in photo
    assert photo_maker.is_upright(photo)


# -- 5. review -----------------------------------------------------------------------------------------------------


def somebody_else_saw_it_too(story: Story, desk: Page) -> None:
    """A second participant, five metres away; then the leader closes the walk."""
    first = story.town.row("select lat, lon from observation where number = 1")
    story.other = Phone(Wire(story.town.address), story.walk, story.code)
    assert story.other.join().status_code == 201
    place = {"lat": first["lat"] + 5 / 111_320, "lon": first["lon"], "accuracy_m": 9.0, "source": "gps"}
    seen = story.other.observe(text=SAME, position=place, made_at=now().isoformat())
    assert seen.status_code == 201
    assert json.loads(seen.data)["number"] == 4
    story.observations["same"] = json.loads(seen.data)["id"]
    desk.reload()
    desk.get_by_role("button", name="Stäng vandringen").click()
    desk.get_by_role("button", name="Börja granska").click()


def review(story: Story, desk: Page) -> None:
    """Merge the pair with both voices, preserve the safe place, look at two of the three photos, name the third."""
    soon(
        lambda: not story.town.rows("select id from photo_content where state <> 'ready'"),
        "the pictures to be made ready",
    )
    open_one(story, desk, "dark")
    desk.get_by_role("button", name="Slå ihop, behåll båda rösterna").click()
    expect(desk.get_by_text(DARK).first).to_be_visible()
    expect(desk.get_by_text(SAME).first).to_be_visible()
    expect(desk.get_by_text("2 röster säger samma sak")).to_be_visible()
    expect(desk.get_by_text("Behållen", exact=True)).to_be_visible()  # who merges has judged
    look_at(desk, "En släckt lampa över en trappa")

    open_one(story, desk, "safe")
    look_at(desk, "En upplyst hållplats")
    desk.get_by_role("button", name="Bevara").click()
    open_one(story, desk, "bare")
    picture = story.fetch(desk, f"/photos/{story.photos['bare']}/1600.jpg")
    assert picture.status == 200
    assert_bare_and_upright(picture.body())
    desk.get_by_label("Kategori", exact=True).select_option(label="Trafik, cyklar")
    desk.get_by_role("button", name="Behåll").click()
    expect(desk.get_by_role("heading", name="Allt är granskat")).to_be_visible()
    states = story.town.rows(
        "select o.number, o.state, c.category from observation o left join curation c on c.observation_id = o.id"
    )
    assert {row["number"]: row["state"] for row in states} == {1: "kept", 2: "preserved", 3: "kept", 4: "merged"}
    assert {row["number"]: row["category"] for row in states}[3] == "traffic"


def open_one(story: Story, desk: Page, which: str) -> None:
    desk.goto(story.at("review"))
    desk.locator(f"#pile a[href$='{story.observations[which]}']").click()
    expect(desk.locator(f"#pile a[aria-current][href$='{story.observations[which]}']")).to_be_visible()


def look_at(desk: Page, words: str) -> None:
    expect(desk.get_by_text("Inte tittat: bara du ser den")).to_be_visible()
    desk.get_by_label("Vad bilden visar").fill(words)
    desk.get_by_role("button", name="Tittat, får visas").click()
    expect(desk.get_by_text("Tittat, får visas", exact=True)).to_be_visible()


def nobody_gets_what_no_person_has_looked_at(story: Story) -> None:
    """The other phone gets the thumbnail that was looked at, and not the one that was not; a passer-by gets none yet."""
    wire, other = Wire(story.town.address), story.other
    seen = wire.get(f"/api/photos/{story.photos['dark']}/thumb", headers=other.bearer)
    assert (seen.status_code, seen.data[:3]) == (200, b"\xff\xd8\xff")
    assert wire.get(f"/api/photos/{story.photos['bare']}/thumb", headers=other.bearer).status_code == 404
    assert wire.get(f"/photos/{story.photos['bare']}/800.jpg").status_code == 404
    assert wire.get(f"/photos/{story.photos['dark']}/800.jpg").status_code == 404  # nothing is published yet


# -- 6. act --------------------------------------------------------------------------------------------------------


def act(story: Story, desk: Page) -> None:
    """An action of the merged pair to the owner that is suggested; the bare photo becomes a request to the state."""
    open_one(story, desk, "dark")
    desk.get_by_role("link", name="Gör till åtgärd").click()
    expect(desk.get_by_label("Ansvarig part", exact=True).locator("option:checked")).to_have_text(STREETS)
    expect(desk.get_by_text(SAME)).to_be_visible()
    desk.get_by_label("Vad ska göras").fill("Byt armaturen vid trappan")
    desk.get_by_role("button", name="Skapa åtgärden").click()

    desk.goto(story.at("actions/propose"))
    expect(desk.get_by_label("Ansvarig part", exact=True).locator("option:checked")).to_have_text(ROADS)
    desk.get_by_label("Vad ska göras").fill("Räcket vid övergången")
    desk.get_by_role("button", name="Skapa de ikryssade").click()
    desk.get_by_role("button", name="Skicka till de ansvariga").click()
    desk.get_by_role("dialog").get_by_role("button", name="Skicka", exact=True).click()
    expect(desk.get_by_text("Skickat till 2 ansvariga parter.")).to_be_visible()
    rows = story.town.rows("select a.id, a.state, o.slug from action a join organisation o on o.id = a.organisation_id")
    assert {row["slug"]: row["state"] for row in rows} == {"gata": "assigned", "vag": "requested"}
    story.actions = {row["slug"]: as_uuid(row["id"]) for row in rows}


# -- 7. the owners answer ------------------------------------------------------------------------------------------


def owners_answer(story: Story, desk: Page, tmp_path: Path) -> None:
    """One takes it with a day and reports it done with a photo; the other, who is only asked, says no and why."""
    link = link_in(story, STREETS_MAIL)
    page = story.page(**{key: PHONE[key] for key in ("viewport", "has_touch")})
    before = story.town.journal()
    page.goto(link)
    expect(page.get_by_role("heading", name="Byt armaturen vid trappan")).to_be_visible()
    expect(page.get_by_text(SAME)).to_be_visible()
    expect(page.get_by_role("img", name="En släckt lampa över en trappa")).to_be_visible()
    assert SECRET_NAME not in page.content()
    page.goto(f"{link}/actions/{story.actions['gata']}?answer=plan")
    page.goto(link)
    assert story.town.journal() == before  # reading changes nothing
    page.get_by_role("link", name=re.compile("^Vi tar det")).click()  # one
    page.get_by_role("radio").first.check()  # two
    page.get_by_role("button", name="Skicka svaret").click()  # three
    expect(page.get_by_text("Tack. Svaret är sparat")).to_be_visible()
    row = story.town.row("select state, planned_on from action where power = 'municipality'")
    assert row["state"] == "planned"
    assert row["planned_on"] >= f"{now():%Y-%m-%d}"

    page.get_by_role("link", name="Byt armaturen vid trappan").click()
    page.get_by_role("link", name=re.compile("^Det är klart")).click()
    page.locator("input[type=file]").set_input_files(as_taken(tmp_path, 6, 1300, 1000))
    page.locator("textarea[name=text]").fill(DONE)
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_text("Tack. Svaret är sparat")).to_be_visible()
    page.context.close()

    state_says_no(story)
    soon(lambda: not story.town.rows("select id from photo_content where state <> 'ready'"), "the owner's picture")
    desk.goto(story.at(f"/actions/{story.actions['gata']}"))
    desk.get_by_role("button", name="Tittat, får visas").click()
    desk.get_by_role("button", name="Kontrollerad", exact=True).click()
    assert story.town.row("select state from action where power = 'municipality'")["state"] == "verified"


def state_says_no(story: Story) -> None:
    link = link_in(story, ROADS_MAIL)
    page = story.page()
    page.goto(link)
    assert story.photos["bare"] not in page.content()  # nobody has looked at it
    assert story.fetch(page, f"{urlsplit(link).path}/photos/{story.photos['bare']}/800.jpg").status == 404
    page.get_by_role("link", name="Nej, det blir inte av").click()
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_role("heading", name="Varför blir det inte av?")).to_be_visible()  # not without a reason
    page.get_by_role("radio", name="Det löses på annat sätt").check()
    page.get_by_label("Skälet, med en mening").fill(NO)
    page.get_by_role("button", name="Skicka svaret").click()
    expect(page.get_by_text("Tack. Svaret är sparat")).to_be_visible()
    assert story.town.row("select state, reason from action where power = 'authority'")["state"] == "answered_no"
    page.context.close()


def link_in(story: Story, address: str) -> str:
    return re.search(r"http\S+/a/\S+", body_of(story.town.letter(address))).group(0)


# -- 8. the council ------------------------------------------------------------------------------------------------


def hold_the_council(story: Story, desk: Page) -> None:
    """Called, opened, who is there and how, an outcome that the action remembers, two signatures, approved next time."""
    pen = sign_in(story, "secretary")
    meeting = plan_meeting(story, pen, days=0)
    expect(pen.get_by_role("link", name="Vandringens rapport")).to_be_visible()
    call_and_open(pen)
    assert "Kallelse" in story.town.letter(PEOPLE["council_member"][0])["Subject"]
    for name, how in (("chair", "i rummet"), ("secretary", "via länk"), ("council_member", "frånvarande")):
        pen.get_by_role("group", name=PEOPLE[name][1]).get_by_label(how).check()
    pen.get_by_role("button", name="Spara närvaron").click()
    expect(pen.get_by_text("1 i rummet, 1 via länk, 1 frånvarande", exact=True)).to_be_visible()

    pen.get_by_role("navigation", name="Dagordning").get_by_role("link", name=re.compile(WALK)).click()
    expect(pen.get_by_role("heading", name="Byt armaturen vid trappan")).to_be_visible()
    pen.get_by_role("radio", name="Uppdrag").check()
    pen.get_by_label("Skäl eller tillägg").fill(COUNCIL_SAYS)
    pen.get_by_role("button", name="Spara, nästa åtgärd").click()
    expect(pen.get_by_role("heading", name="Räcket vid övergången")).to_be_visible()
    desk.goto(story.at(f"/actions/{story.actions['gata']}"))
    expect(desk.get_by_text("Rådet har tagit upp den: uppdrag")).to_be_visible()
    expect(desk.get_by_text(COUNCIL_SAYS)).to_be_visible()

    close_meeting(pen)
    sign(pen)
    chair = sign_in(story, "chair")
    chair.goto(story.at(f"/meetings/{meeting}/minutes"))
    expect(chair.get_by_text(COUNCIL_SAYS)).to_be_visible()
    sign(chair)
    assert story.town.row("select state from meeting")["state"] == "signed"
    chair.context.close()

    plan_meeting(story, pen, days=30)
    call_and_open(pen)
    pen.get_by_role("navigation", name="Dagordning").get_by_role("link", name="Föregående möte").click()
    pen.get_by_role("button", name=re.compile("Godkänn anteckningarna från")).click()
    soon(lambda: story.town.rows("select id from meeting where state = 'approved'"), "the approval")
    pen.goto(story.at(f"/meetings/{meeting}/minutes"))
    expect(pen.get_by_text("Godkända", exact=True)).to_be_visible()
    minutes = text_of(story.fetch(pen, f"/meetings/{meeting}/minutes.pdf"))
    for words in (COUNCIL_SAYS, "Byt armaturen vid trappan", PEOPLE["chair"][1], PEOPLE["secretary"][1]):
        assert tight(words) in minutes
    pen.context.close()


def plan_meeting(story: Story, pen: Page, days: int) -> str:
    pen.goto(story.at("/councils/"))
    pen.get_by_role("link", name=re.compile("rådet")).click()
    pen.get_by_role("link", name="Bestäm dag för ett möte").click()
    pen.get_by_label("Dag", exact=True).fill(f"{now() + timedelta(days=days):%Y-%m-%d}")
    pen.get_by_label("Plats", exact=True).fill("Rådhuset, Rådsalen")
    pen.get_by_role("button", name="Bestäm dagen").click()
    return re.search(r"/meetings/([0-9a-f-]{36})/", pen.url).group(1)


def call_and_open(pen: Page) -> None:
    pen.get_by_role("button", name="Kalla rådet").click()
    pen.get_by_role("dialog").get_by_role("button", name="Kalla rådet").click()
    pen.get_by_role("button", name="Öppna mötet").click()
    expect(pen.get_by_role("button", name="Avsluta mötet")).to_be_visible()


def close_meeting(pen: Page) -> None:
    pen.get_by_role("button", name="Avsluta mötet").click()
    pen.get_by_role("dialog").get_by_role("button", name="Avsluta mötet").click()


def sign(page: Page) -> None:
    page.get_by_role("button", name="Skriv under").click()
    page.get_by_role("dialog").get_by_role("button", name="Skriv under").click()
    expect(page.get_by_text("Du har skrivit under.")).to_be_visible()


# -- 9. report -----------------------------------------------------------------------------------------------------


def papers(story: Story, desk: Page, tmp_path: Path) -> None:
    """The page, the PDF's own text, and the map as a file that needs no network."""
    desk.goto(story.at("report"))
    expect(desk.get_by_text(SAFE).first).to_be_visible()
    desk.get_by_role("button", name="Publicera").click()
    desk.get_by_role("dialog").get_by_role("button", name="Publicera").click()
    expect(desk.get_by_text("Version 1 är publicerad")).to_be_visible()

    answer = story.fetch(desk, f"/walks/{story.walk}/report.pdf")
    text = text_of(answer)
    for words in (DARK, SAFE, SAME, NO, "Trafik, cyklar", "Räcket vid övergången"):
        assert tight(words) in text, words
    assert tight(SECRET_NAME) not in text
    assert tight("3 Trappan Brist, Trafik, cyklar") in text  # the photo without words: number, stop, category
    read = pypdf.PdfReader(io.BytesIO(answer.body()))
    shapes = {round(image.image.width / image.image.height, 1) for page in read.pages for image in page.images}
    assert shapes == {1.3, 1.6}  # the two that were looked at; the tall one was not

    map_file = tmp_path / "map.html"
    map_file.write_bytes(story.fetch(desk, f"/walks/{story.walk}/map.html").body())
    alone = story.page(offline=True)
    alone.goto(map_file.as_uri())
    expect(alone.locator(".leaflet-container")).to_be_visible()
    expect(alone.locator(".leaflet-interactive, .leaflet-marker-icon").first).to_be_visible()
    alone.context.close()


def text_of(answer: APIResponse) -> str:
    """Return what a PDF says, without spaces and hyphens: lines are broken anywhere."""
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/pdf"
    return tight(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.body())).pages))


def tight(text: str) -> str:
    return re.sub(r"[\s\u00ad\u2010-]", "", text)


# -- 10. what happened ---------------------------------------------------------------------------------------------


def what_the_public_reads(story: Story) -> None:
    """Points with status and answer; nobody's name, and no photo that nobody has looked at."""
    page = story.page(**{key: PHONE[key] for key in ("viewport", "has_touch")})
    page.goto(story.at("/what-happened/arboga/"))
    page.get_by_role("link", name=WALK).click()
    fixed = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Byt armaturen vid trappan"))
    expect(fixed).to_contain_text(DONE)
    refused = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Räcket vid övergången"))
    expect(refused).to_contain_text(NO)
    expect(page.get_by_role("heading", name="Blir inte av, och varför")).to_be_visible()
    expect(page.get_by_text(SAFE)).to_be_visible()
    source = page.content()
    assert SECRET_NAME not in source
    assert story.photos["bare"] not in source
    assert story.fetch(page, f"/photos/{story.photos['bare']}/800.jpg").status == 404
    assert story.fetch(page, f"/photos/{story.photos['dark']}/800.jpg").status == 200
    page.context.close()
