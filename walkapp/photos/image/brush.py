"""A stage to draw dusk on: flat colours as by day, and over them one map of the light.

Everything is told on a sheet of 400 by 300. The colours are drawn twice as large as needed, on a palette, and made
half as large again, which smooths every edge; the light is drawn small and made large, which makes it soft.
"""

import io
import itertools
import math
import random
from collections.abc import Sequence

from PIL import Image, ImageChops, ImageDraw, ImageFilter

Colour = tuple[int, int, int]
Point = tuple[float, float]

WIDTH, HEIGHT = 400, 300
_FINER = 2
_OUT = (WIDTH * 4, HEIGHT * 4)
_SCALE = 4 * _FINER
_STRIP = 60
_MOST_INKS = 256
_QUALITY = 84

LAMP: Colour = (255, 222, 150)
WINDOW: Colour = (255, 219, 147)
METAL: Colour = (62, 72, 84)
ASPHALT: Colour = (128, 138, 148)
PAVING: Colour = (176, 176, 170)
GRASS: Colour = (104, 146, 100)
LEAF: Colour = (74, 122, 88)
STONE: Colour = (201, 181, 138)
WOOD: Colour = (158, 112, 72)
SNOW: Colour = (240, 246, 250)
WALLS: tuple[Colour, ...] = (
    (196, 120, 92),
    (214, 178, 116),
    (178, 188, 192),
    (200, 148, 120),
    (150, 168, 170),
    (222, 206, 170),
)

_SKIES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((52, 78, 122), (226, 164, 118), (112, 120, 140)),
    ((44, 70, 116), (150, 172, 200), (106, 120, 142)),
    ((74, 70, 120), (222, 158, 146), (116, 114, 138)),
    ((98, 114, 136), (176, 184, 190), (120, 128, 138)),
)
_NIGHT: tuple[Colour, Colour, Colour] = ((36, 54, 90), (106, 126, 160), (82, 95, 120))

_round = ImageChops.invert(Image.radial_gradient("L").resize((128, 128)))
_SOFT = _round.point(lambda value: max(0, (value - 90) * 255 // 165))
_FALL = ImageChops.invert(Image.linear_gradient("L").resize((16, 128)))


def shade(colour: Colour, by: float) -> Colour:
    """The colour made darker (below 1) or lighter (above 1)."""
    red, green, blue = (max(0, min(255, round(part * by))) for part in colour)
    return red, green, blue


class Stage:
    """One picture in the making."""

    def __init__(self, seed: str, dark: bool) -> None:
        self.chance = random.Random(seed)  # noqa: S311
        self.dark = dark
        self._paper = Image.new("P", (WIDTH * _SCALE, HEIGHT * _SCALE))
        self._pen = ImageDraw.Draw(self._paper)
        self._inks: dict[Colour, int] = {}
        self._hour = Image.new("RGB", (WIDTH, HEIGHT))
        self._light = self._hour.copy()
        self._mask = Image.new("L", (WIDTH, HEIGHT))

    # colours

    def box(self, x: float, y: float, width: float, height: float, colour: Colour, round_by: float = 0) -> None:
        """A rectangle by its upper left corner."""
        area = (x * _SCALE, y * _SCALE, (x + width) * _SCALE - 1, (y + height) * _SCALE - 1)
        if round_by:
            self._pen.rounded_rectangle(area, round_by * _SCALE, fill=self._ink(colour))
        else:
            self._pen.rectangle(area, fill=self._ink(colour))

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        """A polygon."""
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill=self._ink(colour))

    def disc(self, x: float, y: float, across: float, down: float, colour: Colour) -> None:
        """An ellipse by its middle and its half axes."""
        area = ((x - across) * _SCALE, (y - down) * _SCALE, (x + across) * _SCALE, (y + down) * _SCALE)
        self._pen.ellipse(area, fill=self._ink(colour))

    def ring(
        self, x: float, y: float, across: float, width: float, colour: Colour, turn: tuple[int, int] = (0, 360)
    ) -> None:
        """A circle's line, or a part of it."""
        area = ((x - across) * _SCALE, (y - across) * _SCALE, (x + across) * _SCALE, (y + across) * _SCALE)
        self._pen.arc(area, *turn, fill=self._ink(colour), width=round(width * _SCALE))

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A stroke."""
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._pen.line(scaled, fill=self._ink(colour), width=max(1, round(width * _SCALE)), joint="curve")

    def wavy(self, points: Sequence[Point], steps: int = 14) -> list[Point]:
        """A smooth curve through the points, for scribbles and hills."""
        ends = [points[0], *points, points[-1]]
        curve: list[Point] = []
        for before, start, end, after in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
            for step in range(steps):
                curve.append(_between(before, start, end, after, step / steps))
        return [*curve, points[-1]]

    def _ink(self, colour: Colour) -> int:
        if colour not in self._inks:
            if len(self._inks) == _MOST_INKS:
                colour = min(self._inks, key=lambda ink: sum(abs(a - b) for a, b in zip(ink, colour, strict=True)))
            self._inks.setdefault(colour, len(self._inks))
        return self._inks[colour]

    # light

    def sky(self, horizon: float, haze: float = 18) -> None:
        """The light of this hour: above, at the horizon, on the ground; and a sky to shine through."""
        hour = self.chance.choice(_SKIES)  # drawn at night too, so that lit and dark show the same place
        top, edge, ground = _NIGHT if self.dark else hour
        stops = [
            (0, top),
            (horizon * 0.72, _mix(top, edge, 0.6)),
            (horizon, edge),
            (horizon + haze, ground),
            (300, ground),
        ]
        column = Image.new("RGB", (1, HEIGHT))
        column.putdata([_along(stops, y) for y in range(HEIGHT)])
        self._hour = column.resize((WIDTH, HEIGHT))
        self._light.paste(self._hour)
        self.box(0, 0, WIDTH, HEIGHT, (236, 240, 246))
        for _ in range(self.chance.randint(2, 5)):
            x, y, long = (
                self.chance.uniform(-40, 400),
                self.chance.uniform(14, horizon * 0.6),
                self.chance.uniform(30, 90),
            )
            self.disc(x, y, long, self.chance.uniform(2, 5), (246, 246, 248))
            self.disc(x + long * 0.5, y + 4, long * 0.7, self.chance.uniform(1.5, 3), (252, 248, 246))

    def pool(self, x: float, y: float, across: float, down: float, strength: float = 1, colour: Colour = LAMP) -> None:
        """Light that falls off to all sides."""
        self._lay(colour, (x, y, across, down), strength)

    def shadow(self, x: float, y: float, across: float, down: float, strength: float = 0.8) -> None:
        """A place where the light does not come."""
        self._lay((10, 16, 28), (x, y, across, down), strength)

    def cone(
        self, x: float, y: float, down: float, spread: float, strength: float = 0.5, colour: Colour = LAMP
    ) -> None:
        """The light under a lamp."""
        left, right = max(0, round(x - spread)), min(WIDTH, round(x + spread))
        top, bottom = max(0, round(y)), min(HEIGHT, round(y + down))
        if right - left < 4 or bottom - top < 4:
            return
        mask = Image.new("L", (right - left, bottom - top))
        ImageDraw.Draw(mask).polygon(
            [(x - 5 - left, 0), (x + 5 - left, 0), (x + spread * 0.86 - left, down), (x - spread * 0.86 - left, down)],
            fill=255,
        )
        fall = _FALL.resize(mask.size).point(lambda value: round((70 + value * 0.72) * strength))
        mask = ImageChops.multiply(mask, fall).filter(ImageFilter.BoxBlur(2.5))
        self._light.paste(colour, (left, top), mask)

    def glow(self, x: float, y: float, width: float, height: float, colour: Colour = (255, 250, 236)) -> None:
        """A thing that shines by itself: its colour is seen as it is."""
        self._light.paste(colour, (round(x), round(y), round(x + width), round(y + height)))

    def shine(self, points: Sequence[Point]) -> None:
        """The same for a thing of any shape."""
        self._light.paste((255, 250, 236), (0, 0, WIDTH, HEIGHT), self._within(points))

    def cover(self, points: Sequence[Point]) -> None:
        """A thing that stands in front: what shines behind it is not seen through it."""
        self._light.paste(self._hour, (0, 0), self._within(points))

    def _within(self, points: Sequence[Point]) -> Image.Image:
        self._mask.paste(0, (0, 0, WIDTH, HEIGHT))
        ImageDraw.Draw(self._mask).polygon(list(points), fill=255)
        return self._mask

    def cover_disc(self, x: float, y: float, across: float) -> None:
        """The same for something round."""
        self.cover([(x + math.cos(turn * 0.5236) * across, y + math.sin(turn * 0.5236) * across) for turn in range(12)])

    def _lay(self, colour: Colour, area: tuple[float, float, float, float], strength: float) -> None:
        x, y, across, down = area
        mask = _SOFT.resize((max(2, round(2 * across)), max(2, round(2 * down))))
        if strength < 1:
            mask = mask.point(lambda value: round(value * strength))
        self._light.paste(colour, (round(x - across), round(y - down)), mask)

    # the picture

    def picture(self) -> Image.Image:
        """Colours times light."""
        self._paper.putpalette([part for colour in self._inks for part in colour])
        light = self._light.filter(ImageFilter.BoxBlur(1)).resize(_OUT, Image.Resampling.BILINEAR)
        for top in range(0, _OUT[1], _STRIP):  # in strips that fit the processor's cache: twice as fast as in one piece
            strip = (0, top, _OUT[0], top + _STRIP)
            colours = self._paper.crop((0, top * _FINER, _OUT[0] * _FINER, (top + _STRIP) * _FINER)).convert("RGB")
            light.paste(ImageChops.multiply(colours.reduce(_FINER), light.crop(strip)), strip)
        return light

    def jpeg(self) -> bytes:
        """The picture as a JPEG without anything but pixels."""
        out = io.BytesIO()
        self.picture().save(out, "JPEG", quality=_QUALITY)
        return out.getvalue()


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _along(stops: Sequence[tuple[float, Colour]], y: int) -> Colour:
    for (start, one), (end, other) in itertools.pairwise(stops):
        if y <= end:
            return _mix(one, other, (y - start) / max(1.0, end - start))
    return stops[-1][1]


def _between(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    def part(p0: float, p1: float, p2: float, p3: float) -> float:
        return 0.5 * (
            2 * p1 + (p2 - p0) * t + (2 * p0 - 5 * p1 + 4 * p2 - p3) * t**2 + (3 * p1 - p0 - 3 * p2 + p3) * t**3
        )

    return part(before[0], start[0], end[0], after[0]), part(before[1], start[1], end[1], after[1])
