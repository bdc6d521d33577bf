"""What every page is drawn with: pictograms, hashed assets, and days and times in the reader's language."""

import json
from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from walkapp.kernel import clock

STATIC = Path(__file__).resolve().parents[2] / "static"
ICONS = STATIC / "src" / "icons" / "icons.svg"
ASSETS = STATIC / "dist" / "assets.json"

# A pictogram is lines and discs. What is not in this list (script, style, links, images) has no place in one.
SHAPES = frozenset({"path", "circle", "rect", "ellipse", "line", "polyline", "polygon"})
TRAITS = frozenset(
    {"d", "cx", "cy", "r", "x", "y", "x1", "x2", "y1", "y2", "rx", "ry", "width", "height", "points"}
    | {"fill", "stroke", "fill-rule", "stroke-dasharray", "stroke-width", "transform"}
)
TURNS_WITH_THE_TEXT = frozenset({"back", "next"})


class _Symbols(HTMLParser):
    """Reads <symbol> elements. No entity is expanded and no reference followed: the parser knows neither."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: dict[str, list[str]] = {}
        self._inside: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "symbol":
            self._inside = (dict(attrs).get("id") or "").removeprefix("i-")
            self.shapes[self._inside] = []
        elif self._inside is not None:
            self.shapes[self._inside].append(self._shape(tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        if tag == "symbol":
            self._inside = None

    @staticmethod
    def _shape(tag: str, attrs: list[tuple[str, str | None]]) -> str:
        foreign = {name for name, _value in attrs} - TRAITS
        if tag not in SHAPES or foreign:
            raise ValueError(f"a pictogram may not hold <{tag}> {sorted(foreign)}")
        traits = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
        return f"<{tag}{traits}/>"


@lru_cache(maxsize=4)
def _pictograms(path: Path) -> dict[str, str]:
    reader = _Symbols()
    reader.feed(path.read_text(encoding="utf-8"))
    reader.close()
    return {name: "".join(shapes) for name, shapes in reader.shapes.items()}


def icon(name: str, label: str | None = None) -> Markup:
    """Draw a pictogram. Without a label it is silent: the words beside it speak."""
    try:
        shapes = _pictograms(ICONS)[name]
    except KeyError:
        raise LookupError(f"there is no pictogram called {name!r} in {ICONS.name}") from None
    kind = "i flip" if name in TURNS_WITH_THE_TEXT else "i"
    voice = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(f'<svg class="{kind}" viewBox="0 0 24 24" {voice} focusable="false">{shapes}</svg>')  # noqa: S704


class _Built:
    """The list of built files, read again only when the build has written a new one."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._written: tuple[Path, int] | None = None

    def file_of(self, name: str) -> str:
        try:
            written = (ASSETS, ASSETS.stat().st_mtime_ns)
            if written != self._written:
                self._names, self._written = json.loads(ASSETS.read_text(encoding="utf-8")), written
        except FileNotFoundError:
            raise RuntimeError("static/dist/assets.json is missing: run `make set-up`") from None
        if name not in self._names:
            raise LookupError(f"the build made no file called {name!r}")
        return self._names[name]


_built = _Built()


def asset(name: str) -> str:
    """Return the address of a built file, its name carrying its hash."""
    return f"/static/{_built.file_of(name)}"


def _reader() -> Locale:
    locale = get_locale() or Locale("sv")
    # English here is that of Europe: the day before the month, no comma before "and".
    return Locale("en", "GB") if locale.language == "en" else locale


def _day_of(moment: date | datetime) -> date:
    return clock.local(_aware(moment)).date() if isinstance(moment, datetime) else moment


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone: store and pass times as UTC")
    return moment


def _pattern(moment: date | datetime, pattern: str) -> str:
    # Babel writes Swedish months as "okt."; a chip or a table cell has no use for the full stop.
    return format_date(_day_of(moment), pattern, locale=_reader()).replace(".", "")


def day(moment: date | datetime | None) -> str:
    """28 oktober 2026."""
    return _pattern(moment, "d MMMM y") if moment else ""


def day_short(moment: date | datetime | None) -> str:
    """28 okt; the year only when it is not this one."""
    if not moment:
        return ""
    return _pattern(moment, "d MMM" if _day_of(moment).year == clock.today().year else "d MMM y")


def weekday(moment: date | datetime | None) -> str:
    """Return onsdag 28 oktober 2026."""
    return _pattern(moment, "EEEE d MMMM y") if moment else ""


def time_of_day(moment: datetime | time | None) -> str:
    """16.00, by a Swedish clock."""
    if moment is None:
        return ""
    shown = clock.local(_aware(moment)).time() if isinstance(moment, datetime) else moment
    return format_time(shown, "HH.mm" if _reader().language == "sv" else "HH:mm", locale=_reader())


def span(start: datetime | time | None, end: datetime | time | None = None) -> str:
    """Return kl 16.00–18.00."""
    if start is None:
        return ""
    clocks = f"{time_of_day(start)}–{time_of_day(end)}" if end is not None else time_of_day(start)
    return str(_("at %(clock)s", clock=clocks))


def when(moment: datetime | None) -> str:
    """28 oktober 2026 kl 16.00."""
    return f"{day(moment)} {span(moment)}" if moment else ""


def week(moment: date | datetime | None) -> str:
    """Return v. 44: people who plan say the week."""
    return str(_("week %(number)s", number=_day_of(moment).isocalendar().week)) if moment else ""


def ago(moment: datetime | None) -> str:
    """How long since, in the words one would say; the day and the hour when it is longer than yesterday."""
    if moment is None:
        return ""
    minutes = int((clock.now() - _aware(moment)).total_seconds() // 60)
    days = (clock.today() - _day_of(moment)).days
    if 0 <= minutes < 1:
        return str(_("just now"))
    if 0 < minutes < 60:
        return str(ngettext("%(num)s minute ago", "%(num)s minutes ago", minutes))
    if days == 0:
        return str(_("today %(clock)s", clock=span(moment)))
    if days == 1:
        return str(_("yesterday %(clock)s", clock=span(moment)))
    return when(moment)


def figure(number: float) -> str:
    """Return 1 100 or 1,5: a number as the reader writes it."""
    return format_decimal(number, locale=_reader())


def length(metres: float | None) -> str:
    """7 meter, 350 meter, 1,1 km."""
    if metres is None:
        return ""
    if round(metres) < 1000:
        return str(ngettext("%(num)s metre", "%(num)s metres", round(metres)))
    return f"{figure(round(metres / 1000, 1))} km"


def listed(words: Iterable[object]) -> str:
    """Return a, b och c."""
    return format_list([str(word) for word in words], locale=_reader())


FILTERS: dict[str, Callable[..., str]] = {
    "day": day,
    "day_short": day_short,
    "weekday": weekday,
    "time": time_of_day,
    "span": span,
    "when": when,
    "week": week,
    "ago": ago,
    "figure": figure,
    "length_of_way": length,
    "listed": listed,
}


def install(app: Flask) -> None:
    """Give the templates their pictograms, assets, days and times."""
    app.jinja_env.globals.update(icon=icon, asset=asset)
    app.jinja_env.filters.update(FILTERS)
