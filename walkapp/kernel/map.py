"""Maps by folium, tamed: no foreign asset, no participant's text unescaped, no script that the policy does not name.

Two ways out. `standalone_map` is one file that works without network, opened from a disk or served with
`content_policy`. `page_map` gives the parts for a page under the strict policy: a div, and a script of our own origin.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from markupsafe import escape

if TYPE_CHECKING:
    from branca.element import Element

OWN_STYLE, OWN_SCRIPT = (Path(__file__).with_name(name) for name in ("map_file.css", "map_file.js"))
STATIC = Path(__file__).resolve().parents[2] / "static"
Position = tuple[float, float]

# What folium asks for by name: ours, or dropped because nothing here needs it. A name in neither is a new folium.
VENDORED = {"leaflet": "leaflet.js", "leaflet_css": "leaflet.css"}
DROPPED = frozenset(
    {"jquery", "bootstrap", "awesome_markers", "bootstrap_css", "glyphicons_css"}
    | {"awesome_markers_font_css", "awesome_markers_css", "awesome_rotate_css"}
)
SHAPES = {"deficiency": "deficiency", "safe_place": "safe", "proposal": "proposal"}
ROUTE = {"color": "#0b4f5c", "weight": 4, "dashArray": "1 7", "lineCap": "round", "fill": False}
AREA = {"color": "#71828b", "weight": 2, "dashArray": "8 6", "fillColor": "#ffffff", "fillOpacity": 0.6}
SWITCHES = "var L_NO_TOUCH=false,L_DISABLE_3D=false;"
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
ALSO_ESCAPED = str.maketrans({"`": "&#96;", "$": "&#36;", "{": "&#123;", "}": "&#125;", "\n": "<br>"})
POLICY_IN_FILE = re.compile(r'\A<!doctype html>\n<html lang="[a-z-]*">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">')  # fmt: skip  # noqa: E501


class UnknownAsset(RuntimeError):
    """Folium asks for a file that this house does not carry."""


@dataclass(frozen=True)
class MapPoint:
    """A numbered point with what its popup and its line in the list say. Texts raw: escaping is done here."""

    number: int
    kind: str
    lat: float
    lon: float
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class MapStop:
    """A numbered stop of the route."""

    number: int
    name: str
    lat: float
    lon: float


@dataclass(frozen=True)
class Legend:
    """A kind and its word in the reader's language, in the order they are shown."""

    kind: str
    word: str


@dataclass(frozen=True)
class MapWords:
    """What the map's own buttons are called, in the reader's language."""

    zoom_in: str = "Zoom in"
    zoom_out: str = "Zoom out"


@dataclass(frozen=True)
class PageMap:
    """The parts of a map on a page: the div, the script to serve from our own origin, the built assets it needs."""

    html: str
    script: str
    scripts: tuple[str, ...]
    styles: tuple[str, ...]


def mapsafe(text: object) -> str:
    """A text that may enter folium: neither HTML, nor a template literal, nor an end of a script can come of it.

    Braces too. Why: branca compiles what its templates gave as a template once more, so `{{ … }}` in a participant's
    words would run here, on the server.
    """
    clean = UNSEEN.sub("", str(text).replace("\r\n", "\n"))
    return str(escape(clean)).translate(ALSO_ESCAPED)


def page_map(
    area: Sequence[Position],
    route: Sequence[Position],
    points: Sequence[MapPoint],
    legend: Sequence[Legend],
    *,
    stops: Sequence[MapStop] = (),
    words: MapWords = MapWords(),
    name: str = "walk",
) -> PageMap:
    """The parts of a map for a page whose policy allows scripts of its own origin only.

    The page loads `scripts` and `styles` by `asset()`, then the script, served from its own address; `.folium-map` gets
    its size from the style sheet. The same name in both requests makes the div and the script find each other.
    """
    return _parts(area, route, points, legend, stops, words, name)


def standalone_map(
    title: str,
    area: Sequence[Position],
    route: Sequence[Position],
    points: Sequence[MapPoint],
    legend: Sequence[Legend],
    attribution: str,
    *,
    stops: Sequence[MapStop] = (),
    intro: str = "",
    demo: str = "",
    words: MapWords = MapWords(),
    language: str = "sv",
) -> str:
    """One file that holds all it needs. Its first words forbid every script and style but its own, wherever it opens.

    The policy is made from the parts before they meet, never read off the finished page: a script that slipped in with
    a text would get no blessing.
    """
    parts = _parts(area, route, points, legend, stops, words, "walk")
    style = _leaflet_style() + _read(OWN_STYLE)
    scripts = (_leaflet_script(), parts.script)
    policy = (
        f"default-src 'none'; script-src {' '.join(_hash_of(one) for one in scripts)}; style-src {_hash_of(style)}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    kinds = {one.kind: one.word for one in legend}
    return (
        f'<!doctype html>\n<html lang="{html.escape(language)}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{mapsafe(' '.join(title.split()))}</title>\n<style>{style}</style>\n</head>\n<body>\n"
        f"<header><h1>{mapsafe(title)}</h1>{_paragraph(intro)}{_paragraph(demo, 'demo')}</header>\n"
        f'<main><div class="map">{parts.html}<p class="legend">{_legend(legend)}</p></div>\n'
        f"<ol>{''.join(_listed(point, kinds) for point in points)}</ol></main>\n"
        f"<footer>{_paragraph(attribution)}{_paragraph(demo, 'demo')}</footer>\n"
        f"{''.join(f'<script>{one}</script>' for one in scripts)}\n</body>\n</html>\n"
    )


def content_policy(document: str) -> str:
    """The header to serve a stand-alone map with: the policy it carries, in a sandbox that has no origin of ours."""
    found = POLICY_IN_FILE.match(document)
    if not found:
        raise ValueError("not a map made here")
    return f"{found.group(1)}; frame-ancestors 'none'; sandbox allow-scripts"


# -- folium ------------------------------------------------------------------------------------------------------------
# Imported where it is used: it takes half a second to load, and most processes never draw a map.


def _parts(
    area: Sequence[Position],
    route: Sequence[Position],
    points: Sequence[MapPoint],
    legend: Sequence[Legend],
    stops: Sequence[MapStop],
    words: MapWords,
    name: str,
) -> PageMap:
    import folium

    chart = folium.Map(location=(0, 0), tiles=None, attributionControl=False, zoom_control=False, control_scale=False)
    chart._id = name
    chart.options["maxZoom"] = 20
    chart.options["zoomSnap"] = 0.25
    for layer in _layers(area, route, points, stops, {one.kind: one.word for one in legend}):
        layer.add_to(chart)
    everywhere = [*area, *route, *((stop.lat, stop.lon) for stop in stops), *((p.lat, p.lon) for p in points)]
    if everywhere:
        chart.fit_bounds(_bounds(everywhere), padding=(28, 28), max_zoom=18)
    _self_host(chart)
    figure: Any = chart.get_root()
    figure.render()
    assets = list(_assets(figure))
    return PageMap(
        html=figure.html.render().strip(),
        script=f"{SWITCHES}\n{figure.script.render()}\n{_controls(chart.get_name(), words)}",
        scripts=tuple(one for one in assets if one.endswith(".js")),
        styles=tuple(one for one in assets if one.endswith(".css")),
    )


def _layers(
    area: Sequence[Position],
    route: Sequence[Position],
    points: Sequence[MapPoint],
    stops: Sequence[MapStop],
    words: Mapping[str, str],
) -> Iterator[Any]:
    if len(area) > 2:
        yield _shape("area", "Polygon", [_lon_lat([*area, area[0]])], AREA)
    if len(route) > 1:
        yield _shape("route", "LineString", _lon_lat(route), ROUTE)
    if stops:
        yield _marks("stops", [_stop_feature(i, stop) for i, stop in enumerate(stops)], 22, "pin stop")
    if points:
        yield _marks("points", [_point_feature(i, point, words) for i, point in enumerate(points)], 32, "pin")


def _shape(name: str, kind: str, coordinates: Any, style: Mapping[str, Any]) -> Any:
    import folium

    layer = folium.GeoJson(
        {"type": "Feature", "id": 0, "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}},
        style_function=lambda _: {**style, "interactive": False},
        interactive=False,
    )
    layer._id = name
    return layer


def _marks(name: str, features: list[dict[str, Any]], size: int, look: str) -> Any:
    import folium

    icon = folium.DivIcon(icon_size=(size, size), icon_anchor=(size // 2, size // 2), class_name=look)
    popup = folium.GeoJsonPopup(fields=["said"], labels=False, localize=False, max_width=300, offset=(0, -2))
    popup._id = f"{name}_said"
    layer = folium.GeoJson(
        {"type": "FeatureCollection", "features": features},
        marker=folium.Marker(icon=icon),
        style_function=lambda feature: {"html": feature["properties"]["mark"]},
        popup=popup,
    )
    layer._id = name
    return layer


def _point_feature(index: int, point: MapPoint, words: Mapping[str, str]) -> dict[str, Any]:
    said = "<br>".join([f"<strong>{mapsafe(point.title)}</strong>", *(mapsafe(line) for line in point.lines)])
    return _feature(index, point.lat, point.lon, _mark(point, words), said, f"p{int(point.number)}")


def _stop_feature(index: int, stop: MapStop) -> dict[str, Any]:
    mark = f'<span class="ring">{int(stop.number)}</span>'
    said = f"<strong>{mapsafe(stop.name)}</strong>"
    return _feature(index, stop.lat, stop.lon, mark, said, f"s{int(stop.number)}")


def _feature(index: int, lat: float, lon: float, mark: str, said: str, key: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": index,
        "properties": {"mark": mark, "said": said, "key": key},
        "geometry": {"type": "Point", "coordinates": [float(lon), float(lat)]},
    }


def _controls(chart: str, words: MapWords) -> str:
    titles = json.dumps({"zoomInTitle": words.zoom_in, "zoomOutTitle": words.zoom_out}).replace("<", "\\u003c")
    scale = f"L.control.scale({{imperial:false}}).addTo({chart});"
    return f"L.control.zoom({titles}).addTo({chart});\n{scale}\n{_read(OWN_SCRIPT).rstrip()}({chart});\n"


def _self_host(chart: Any) -> None:
    """Point every element at our own files.

    On the instance, never on the class: folium keeps its lists there, and what one request changes the next would see.
    """
    for element in _tree(chart):
        for attribute in ("default_js", "default_css"):
            named = getattr(element, attribute, None)
            if named is not None:
                setattr(element, attribute, [(name, _ours(name)) for name, _ in named if name not in DROPPED])


def _ours(name: str) -> str:
    if name not in VENDORED:
        raise UnknownAsset(f"folium asks for {name!r}: carry it, or drop it, in {Path(__file__).name}")
    return VENDORED[name]


def _tree(element: Element) -> Iterator[Element]:
    yield element
    for child in element._children.values():
        yield from _tree(child)


def _assets(figure: Any) -> Iterator[str]:
    from branca.element import CssLink, JavascriptLink

    for child in figure.header._children.values():
        if isinstance(child, JavascriptLink | CssLink):
            if child.url not in VENDORED.values():
                raise UnknownAsset(f"folium asks for {child.url!r}")
            yield child.url


def _lon_lat(positions: Sequence[Position]) -> list[list[float]]:
    return [[float(lon), float(lat)] for lat, lon in positions]


def _bounds(positions: Sequence[Position]) -> list[list[float]]:
    lats, lons = zip(*positions, strict=True)
    return [[min(lats), min(lons)], [max(lats), max(lons)]]


# -- the file ----------------------------------------------------------------------------------------------------------


def _mark(point: MapPoint, words: Mapping[str, str]) -> str:
    shape = SHAPES.get(point.kind, "deficiency")
    return (
        f'<span class="mark {shape}"><span class="vh">{mapsafe(words.get(point.kind, ""))} </span>'
        f"{int(point.number)}</span>"
    )


def _listed(point: MapPoint, words: Mapping[str, str]) -> str:
    lines = "".join(f"<span>{mapsafe(line)}</span>" for line in point.lines)
    return (
        f'<li><button type="button" data-key="p{int(point.number)}">{_mark(point, words)}'
        f"<span><strong>{mapsafe(point.title)}</strong>{lines}</span></button></li>"
    )


def _legend(legend: Sequence[Legend]) -> str:
    return "".join(
        f'<span><span class="mark small {SHAPES.get(one.kind, "deficiency")}" aria-hidden="true"></span> '
        f"{mapsafe(one.word)}</span>"
        for one in legend
    )


def _paragraph(text: str, kind: str = "") -> str:
    return f"<p{f' class={json.dumps(kind)}' if kind else ''}>{mapsafe(text)}</p>" if text else ""


def _hash_of(inline: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"


def _leaflet_script() -> str:
    script = re.sub(r"\n?//# sourceMappingURL=\S*\s*$", "\n", _vendored("leaflet.js"))
    if "</script" in script.lower():
        raise UnknownAsset("leaflet.js cannot stand inside a page")
    return script


def _leaflet_style() -> str:
    """Leaflet's sheet without its pictures: this map uses none of them, and a file may not reach for others."""
    return re.sub(r"url\([^)]*\)", "none", _vendored("leaflet.css"))


def _vendored(name: str) -> str:
    """The built file, or the package's own where nothing is built yet."""
    built = STATIC / "dist" / "assets.json"
    if built.is_file():
        named = json.loads(built.read_text("utf-8")).get(name)
        if named and (STATIC / "dist" / named).is_file():
            return _read(STATIC / "dist" / named)
    package = STATIC / "node_modules" / "leaflet" / "dist" / name
    if not package.is_file():
        raise UnknownAsset(f"{name} is in neither static/dist nor static/node_modules: run make")
    return _read(package)


@lru_cache(maxsize=8)
def _read(path: Path) -> str:
    # A browser reads every line end as \n before it compares a hash.
    return path.read_text("utf-8").replace("\r\n", "\n")
