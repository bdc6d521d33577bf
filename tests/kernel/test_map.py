"""Maps that neither run what people wrote nor ask any other host for anything."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import folium
import pytest

from walkapp.kernel import map as maps
from walkapp.kernel.headers import POLICY
from walkapp.kernel.map import Legend, MapPoint, MapStop, MapWords

AREA = ((59.50, 15.99), (59.50, 16.01), (59.51, 16.01), (59.51, 15.99))
ROUTE = ((59.501, 15.995), (59.506, 16.0), (59.508, 16.005))
LEGEND = (Legend("deficiency", "Brist"), Legend("safe_place", "Trygg plats"), Legend("proposal", "Förslag"))
POINTS = tuple(
    MapPoint(n, ("deficiency", "safe_place", "proposal")[n % 3], 59.505 + n * 0.0001, 16.0, f"Plats {n}", (f"Ord {n}",))
    for n in range(1, 8)
)
CHROMIUM = Path("/usr/bin/chromium")

PAYLOADS = (
    "<script>ran()</script>",
    "<img src=x onerror=ran()>",
    "</script><script>ran()</script>",
    "${ran()}",
    "`+ran()+`",
    "\"><svg onload=ran()>'",
    "'-ran()-'",
    "\\';ran();//",
    "</style></title><iframe src=javascript:parent.ran()>\n{{ ran() }}",
)


def hostile(text: str) -> str:
    """A map with the text at every place where a text may stand."""
    return maps.standalone_map(
        text,
        AREA,
        ROUTE,
        [MapPoint(1, "deficiency", 59.505, 16.0, text, (text, text)), MapPoint(2, text, 59.506, 16.0, text)],
        [Legend("deficiency", text), Legend(text, text)],
        text,
        stops=[MapStop(1, text, 59.503, 15.998)],
        intro=text,
        demo=text,
        words=MapWords(text, text),
    )


def standalone(points: tuple[MapPoint, ...] = POINTS, **more: Any) -> str:
    return maps.standalone_map("En vandring", AREA, ROUTE, points, LEGEND, "Ritad ur egna punkter.", **more)


# -- without a browser ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", PAYLOADS)
def test_no_character_with_a_meaning_gets_through(text: str) -> None:
    assert not set(maps.mapsafe(text).replace("<br>", "")) & set("<>`$\"'{}\n")


def test_ordinary_words_stay_ordinary() -> None:
    assert maps.mapsafe("Två lyktor är släckta, 20 m bort.") == "Två lyktor är släckta, 20 m bort."
    assert maps.mapsafe("a\x00b\u2028c\u202ed") == "abcd"
    assert maps.mapsafe("en\r\ntvå\ntre") == "en<br>två<br>tre"


def test_the_file_reaches_for_nothing_outside_itself() -> None:
    document = standalone()
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", document)
    assert "url(" not in document.split("<style>")[1].split("</style>")[0]
    assert "sourceMappingURL" not in document
    assert "cdn" not in document


def test_the_list_beside_the_map_holds_the_same_points() -> None:
    document = standalone()
    assert [f'data-key="p{n}"' in document for n in range(1, 8)] == [True] * 7
    assert all(document.count(f"Ord {n}") == 2 for n in range(1, 8))


def test_a_demo_says_so_above_and_below() -> None:
    assert standalone(demo="Exempel – påhittade uppgifter").count("Exempel – påhittade uppgifter") == 2


def test_the_header_names_our_scripts_and_shuts_everything_else() -> None:
    policy = maps.content_policy(standalone())
    parts = dict(part.strip().split(" ", 1) for part in policy.split(";") if " " in part.strip())
    assert parts["default-src"] == "'none'"
    assert parts["sandbox"] == "allow-scripts"
    assert len(parts["script-src"].split()) == 2
    assert "unsafe" not in policy
    assert "allow-same-origin" not in policy


def test_a_script_added_afterwards_gets_no_blessing() -> None:
    document = standalone()
    policy = maps.content_policy(document)
    assert maps.content_policy(document.replace("<body>", "<body><script>ran()</script>")) == policy


@pytest.mark.parametrize("other", ["", "<!doctype html><title>x</title>", "x" + "<script>"])
def test_a_page_from_elsewhere_gets_no_header(other: str) -> None:
    with pytest.raises(ValueError, match="not a map"):
        maps.content_policy(other)


def test_a_new_asset_in_folium_stops_the_map(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folium.Map, "default_js", [*folium.Map.default_js, ("novelty", "https://cdn.test/novelty.js")])
    with pytest.raises(maps.UnknownAsset, match="novelty"):
        standalone()


def test_one_map_leaves_no_trace_in_the_next() -> None:
    before = list(folium.Map.default_js), list(folium.Map.default_css)
    assert standalone() == standalone()
    assert (list(folium.Map.default_js), list(folium.Map.default_css)) == before


def test_a_map_of_nothing_is_a_map() -> None:
    document = maps.standalone_map("Tom", (), (), (), LEGEND, "")
    assert "map_walk" in document


def test_the_parts_for_a_page_agree_and_carry_no_script_of_their_own() -> None:
    one, other = (maps.page_map(AREA, ROUTE, POINTS, LEGEND, name="walk") for _ in range(2))
    assert one == other
    assert one.scripts == ("leaflet.js",)
    assert one.styles == ("leaflet.css",)
    assert 'id="map_walk"' in one.html
    assert "<script" not in one.html
    assert "style=" not in one.html


@pytest.mark.parametrize(
    "text", ["{{ 7 * 191 }}", "{% for x in y %}", "{# gone #}", "{{ cycler.__init__.__globals__ }}"]
)
def test_a_template_in_a_text_is_not_run_on_the_server(text: str) -> None:
    document = hostile(text)
    assert "1337" not in document
    assert document.count(maps.mapsafe(text)) > 10


# -- in a real browser ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("no browser: apt install chromium")
        pytest.skip("NO BROWSER: the maps are not tried in one (apt install chromium)")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield chromium
        chromium.close()


WATCH = """
window.ranTimes = 0; window.ran = () => { window.ranTimes++; };
window.refused = [];
document.addEventListener('securitypolicyviolation', e => window.refused.push(e.effectiveDirective + ' ' + e.sample));
"""


class Seen:
    """What a page asked for and complained about."""

    def __init__(self, context: Any, files: dict[str, tuple[str, str, dict[str, str]]]) -> None:
        self.page = context.new_page()
        self.foreign: list[str] = []
        self.errors: list[str] = []
        self.files = files
        self.page.add_init_script(WATCH)
        self.page.on("dialog", lambda dialog: (self.errors.append(f"dialog {dialog.message}"), dialog.dismiss()))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda said: self.errors.append(said.text) if said.type == "error" else None)
        self.page.route("**/*", self._answer)

    def _answer(self, route: Any) -> None:
        address = urlsplit(route.request.url)
        if address.hostname == "walk.test" and address.path in self.files:
            kind, body, headers = self.files[address.path]
            route.fulfill(body=body, content_type=kind, headers=headers)
        elif address.path == "/favicon.ico":
            route.fulfill(status=204)
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def open(self, path: str) -> None:
        self.page.goto(f"http://walk.test{path}")
        self.page.wait_for_selector(".mark")

    def judge(self) -> None:
        assert self.page.evaluate("window.ranTimes") == 0
        assert self.page.evaluate("window.refused") == []
        assert self.errors == []
        assert self.foreign == []


def press_everything(page: Any) -> list[str]:
    """Open every popup, from the list and from the map, and bring back what they say."""
    said = []
    for n in range(page.locator("button[data-key]").count()):
        page.locator("button[data-key]").nth(n).click()
        page.wait_for_selector(".leaflet-popup-content")
        said.append(page.locator(".leaflet-popup-content").last.inner_text())
    page.evaluate("document.querySelectorAll('.ring').forEach(one => one.click())")
    page.wait_for_timeout(50)
    return said


def squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


@pytest.mark.journey
@pytest.mark.parametrize("shut", [True, False], ids=["with-policy", "escaping-alone"])
@pytest.mark.parametrize("text", PAYLOADS)
def test_what_people_write_is_shown_and_never_run(browser: Any, text: str, shut: bool) -> None:
    """With the policy it is the second lock that is tried; without it, the first must hold alone."""
    document = hostile(text)
    headers = {"Content-Security-Policy": maps.content_policy(document)} if shut else {}
    context = browser.new_context(bypass_csp=not shut)
    seen = Seen(context, {"/map.html": ("text/html; charset=utf-8", document, headers)})
    seen.open("/map.html")
    said = press_everything(seen.page)
    seen.judge()
    assert len(said) == 2
    assert squeezed(said[0]) == squeezed(f"{text} {text} {text}")
    assert squeezed(seen.page.locator("h1").inner_text()) == squeezed(text)
    assert seen.page.title() == squeezed(text)
    assert seen.page.locator(".leaflet-control-zoom-in").get_attribute("title") == text
    context.close()


@pytest.mark.journey
def test_the_file_works_from_a_disk_without_network(browser: Any, tmp_path: Path) -> None:
    file = tmp_path / "map.html"
    file.write_text(standalone(demo="Exempel – påhittade uppgifter"), "utf-8")
    context = browser.new_context(offline=True)
    page = context.new_page()
    asked: list[str] = []
    errors: list[str] = []
    page.add_init_script(WATCH)
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(file.as_uri())
    assert page.locator(".leaflet-marker-icon .mark").count() == len(POINTS)
    assert len(press_everything(page)) == len(POINTS)
    assert asked == [file.as_uri()]
    assert errors == []
    assert page.evaluate("window.refused") == []
    context.close()


@pytest.mark.journey
def test_a_script_that_slipped_in_is_refused_by_the_file_itself(browser: Any) -> None:
    document = standalone().replace("<ol>", "<script>ran()</script><img src=x onerror=ran()><ol>")
    context = browser.new_context()
    seen = Seen(context, {"/map.html": ("text/html; charset=utf-8", document, {})})
    seen.open("/map.html")
    assert seen.page.evaluate("window.ranTimes") == 0
    assert len(seen.page.evaluate("window.refused")) >= 2
    context.close()


@pytest.mark.journey
def test_marks_do_not_cover_each_other(browser: Any) -> None:
    crowd = tuple(MapPoint(n, "deficiency", 59.505, 16.0, f"Plats {n}", ()) for n in range(1, 10))
    document = standalone(crowd)
    context = browser.new_context()
    seen = Seen(context, {"/map.html": ("text/html; charset=utf-8", document, {})})
    seen.open("/map.html")
    boxes = [one.bounding_box() for one in seen.page.locator(".leaflet-marker-icon .mark").all()]
    middles = [(box["x"] + 16, box["y"] + 16) for box in boxes]
    gaps = [((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5 for i, a in enumerate(middles) for b in middles[i + 1 :]]
    assert len(middles) == 9
    assert min(gaps) > 28
    seen.judge()
    context.close()


@pytest.mark.journey
def test_a_map_on_a_page_runs_under_the_strict_policy(browser: Any) -> None:
    text = PAYLOADS[1]
    points = (MapPoint(1, "safe_place", 59.505, 16.0, text, (text,)),)
    parts = maps.page_map(AREA, ROUTE, points, LEGEND, stops=[MapStop(1, text, 59.503, 15.998)])
    page = (
        '<!doctype html><meta charset="utf-8"><title>Karta</title><link rel="stylesheet" href="/static/leaflet.css">'
        f'<link rel="stylesheet" href="/static/desk.css">{parts.html}<button type="button" data-key="p1">1</button>'
        '<script src="/static/leaflet.js"></script><script src="/map.js"></script>'
    )
    script, style = "text/javascript; charset=utf-8", "text/css; charset=utf-8"
    context = browser.new_context()
    seen = Seen(
        context,
        {
            "/page": ("text/html; charset=utf-8", page, {"Content-Security-Policy": POLICY}),
            "/map.js": (script, parts.script, {}),
            "/static/leaflet.js": (script, maps._vendored("leaflet.js"), {}),
            "/static/leaflet.css": (style, maps._vendored("leaflet.css"), {}),
            "/static/desk.css": (style, ".folium-map{height:400px}", {}),
        },
    )
    seen.open("/page")
    said = press_everything(seen.page)
    assert squeezed(said[0]) == squeezed(f"{text} {text}")
    seen.judge()
    context.close()
