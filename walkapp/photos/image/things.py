"""What stands about in the drawn scenes: lamps, houses, trees, benches, and what is thrown away."""

import math

from walkapp.photos.image.brush import ASPHALT, LEAF, METAL, PAVING, WALLS, WINDOW, WOOD, Colour, Point, Stage, shade


def lamp(stage: Stage, x: float, foot: float, height: float = 118, arm: float = 16, lit: bool = True) -> None:
    """A lamp post; unlit it is a silhouette."""
    top, size = foot - height, height / 118
    stage.line([(x, foot), (x, top), (x + arm, top)], 3.4 * size, METAL)
    stage.box(x - 3 * size, foot - 9 * size, 6 * size, 9 * size, shade(METAL, 0.8))
    head = x + arm
    stage.shape(
        [
            (head - 9 * size, top + 4 * size),
            (head - 5 * size, top - 3 * size),
            (head + 5 * size, top - 3 * size),
            (head + 9 * size, top + 4 * size),
        ],
        METAL,
    )
    stage.box(head - 7 * size, top + 3.4 * size, 14 * size, 3.4 * size, (255, 243, 208) if lit else (150, 160, 170))
    if lit:
        stage.cone(head, top + 5, height - 2, 56 * size, 0.62)
        stage.pool(head, foot, 78 * size, 17 * size, 0.9)
        stage.pool(head, top + 4, 16 * size, 13 * size, 1, (255, 246, 220))


def house(stage: Stage, x: float, width: float, top: float, foot: float, gable: bool = False) -> None:
    """A house front with some of its windows lit."""
    wall = stage.chance.choice(WALLS)
    roof = shade((122, 76, 66), stage.chance.uniform(0.8, 1.15))
    stage.box(x, top, width, foot - top, wall)
    if gable:
        stage.shape([(x - 4, top), (x + width / 2, top - width * 0.32), (x + width + 4, top)], roof)
    else:
        stage.shape([(x - 3, top), (x + 5, top - 13), (x + width - 5, top - 13), (x + width + 3, top)], roof)
    columns = max(1, int(width // 19))
    step = width / columns
    for row in range(max(1, int((foot - top - 14) // 28))):
        for column in range(columns):
            left, up = x + column * step + step / 2 - 5, top + 9 + row * 28
            lit = stage.chance.random() < 0.33
            stage.box(left - 1.2, up - 1.2, 12.4, 16.4, shade(wall, 1.18))
            stage.box(left, up, 10, 14, WINDOW if lit else (96, 118, 140))
            stage.box(left + 4.4, up, 1.2, 14, shade(wall, 1.1))
            if lit:
                stage.glow(left, up, 10, 14)


def street(stage: Stage, foot: float, low: float = 62, high: float = 104) -> None:
    """A row of houses from edge to edge."""
    x = -stage.chance.uniform(0, 30)
    while x < 400:
        width = stage.chance.uniform(58, 104)
        house(stage, x, width, foot - stage.chance.uniform(low, high), foot, stage.chance.random() < 0.35)
        x += width


def treeline(stage: Stage, foot: float, height: float = 34) -> None:
    """Woods and hills far away."""
    points: list[Point] = [(x, foot - stage.chance.uniform(0.25, 1) * height) for x in range(-20, 441, 46)]
    stage.shape([*stage.wavy(points), (440, foot + 2), (-20, foot + 2)], (92, 112, 116))


def ground(stage: Stage, top: float, colour: Colour = PAVING) -> None:
    """The ground from there to the lower edge."""
    stage.box(0, top, 400, 300 - top, colour)


def slabs(stage: Stage, top: float, colour: Colour = PAVING) -> None:
    """A paved ground whose joints run to the horizon."""
    ground(stage, top, colour)
    joint = shade(colour, 0.86)
    for x in range(-500, 901, 70):
        stage.line([(200 + (x - 200) * 0.28, top), (x, 300)], 0.9, joint)
    y, step = top + 6, 7.0
    while y < 300:
        stage.line([(0, y), (400, y)], 0.9, joint)
        y, step = y + step, step * 1.36


def path(stage: Stage, top: float, at: float, near: tuple[float, float], colour: Colour = ASPHALT) -> None:
    """A way that runs from the lower edge to a point at the horizon."""
    left, right = near
    stage.shape([(at - 4, top), (at + 4, top), (right, 300), (left, 300)], colour)


def tree(stage: Stage, x: float, foot: float, size: float = 40, leaf: Colour = LEAF) -> None:
    """A tree as three clouds on a stem."""
    stage.line([(x, foot), (x, foot - size)], size * 0.11, (96, 76, 62))
    stage.cover_disc(x, foot - size * 1.25, size * 0.62)
    for dx, dy, share, tone in (
        (-0.34, 1.0, 0.42, 0.86),
        (0.36, 1.05, 0.4, 0.94),
        (0, 1.42, 0.52, 1.0),
        (0.1, 1.55, 0.3, 1.12),
    ):
        stage.disc(x + dx * size, foot - dy * size, share * size, share * size * 0.92, shade(leaf, tone))


def bush(stage: Stage, x: float, foot: float, across: float, height: float, leaf: Colour = LEAF) -> None:
    """A thick shrub, or a hedge when it is high."""
    leafy = min(across, 42)
    body = height - leafy * 0.6
    edges = [
        (x - across, foot),
        (x - across * 0.9, foot - height),
        (x + across * 0.9, foot - height),
        (x + across, foot),
    ]
    stage.cover(edges)
    stage.box(x - across * 0.92, foot - body, across * 1.84, body, shade(leaf, 0.74), leafy * 0.4)
    crowd = max(1.0, across * height / 4200)
    for tone, inset, count in ((0.74, 1.0, 14), (0.86, 0.92, 14), (0.98, 0.84, 10), (1.1, 0.74, 6)):
        for _ in range(round(count * crowd)):
            up = stage.chance.uniform(0.05, 1) * (height - leafy * 0.3)
            size = leafy * stage.chance.uniform(0.14, 0.28)
            aside = stage.chance.uniform(-1, 1) * (across * inset - size * 0.6)
            stage.disc(x + aside, foot - up, size, size * 0.86, shade(leaf, tone))


def bench(stage: Stage, x: float, foot: float, size: float = 1) -> None:
    """A bench seen from the front."""
    for leg in (12, 74):
        stage.box(x + leg * size, foot - 24 * size, 4 * size, 24 * size, METAL)
    for slat in (46, 38, 30):
        stage.box(x, foot - slat * size, 90 * size, 5.4 * size, WOOD)
    stage.shape(
        [
            (x - 3 * size, foot - 16 * size),
            (x + 93 * size, foot - 16 * size),
            (x + 90 * size, foot - 23 * size),
            (x, foot - 23 * size),
        ],
        shade(WOOD, 1.14),
    )


def bin_(stage: Stage, x: float, foot: float, size: float = 1, full: bool = False) -> None:
    """A litter bin."""
    green: Colour = (48, 112, 104)
    stage.shape(
        [
            (x - 15 * size, foot - 46 * size),
            (x + 15 * size, foot - 46 * size),
            (x + 12 * size, foot),
            (x - 12 * size, foot),
        ],
        green,
    )
    for dx in (-7, 0, 7):
        stage.line(
            [(x + dx * size, foot - 40 * size), (x + dx * 0.85 * size, foot - 5 * size)], 1.4 * size, shade(green, 0.8)
        )
    if full:
        for dx, dy, colour in (
            (-9, 50, (236, 232, 220)),
            (6, 53, (214, 92, 70)),
            (0, 58, (240, 214, 120)),
            (10, 48, (190, 206, 214)),
            (-3, 51, (168, 140, 104)),
        ):
            stage.disc(x + dx * size, foot - dy * size, 8 * size, 6.5 * size, colour)
    else:
        stage.disc(x, foot - 46 * size, 15 * size, 3.4 * size, shade(green, 0.55))
    stage.box(x - 17 * size, foot - 48 * size, 34 * size, 4 * size, shade(green, 1.2), 2 * size)


def litter(stage: Stage, area: tuple[float, float, float, float], pieces: int = 14) -> None:
    """Papers, cups and cans on the ground."""
    colours: tuple[Colour, ...] = ((238, 236, 228), (222, 110, 84), (120, 170, 190), (236, 206, 110), (180, 190, 196))
    left, top, right, bottom = area
    for _ in range(pieces):
        x, y = stage.chance.uniform(left, right), stage.chance.uniform(top, bottom)
        size, turn = stage.chance.uniform(2.4, 5.4), stage.chance.uniform(0, math.pi)
        dx, dy = math.cos(turn) * size, math.sin(turn) * size * 0.45
        stage.shape(
            [(x - dx, y - dy), (x + dy, y - dx * 0.4), (x + dx, y + dy), (x - dy, y + dx * 0.4)],
            stage.chance.choice(colours),
        )


def car(stage: Stage, x: float, foot: float, size: float = 1, colour: Colour | None = None) -> None:
    """A parked car from the side."""
    paint = colour or stage.chance.choice(
        ((92, 124, 150), (164, 78, 70), (178, 184, 190), (84, 104, 98), (210, 196, 160))
    )

    def at(points: list[Point]) -> list[Point]:
        return [(x + px * size, foot - py * size) for px, py in points]

    stage.shape(at([(0, 6), (2, 20), (16, 24), (28, 38), (62, 38), (76, 24), (88, 20), (90, 6)]), paint)
    stage.shape(at([(21, 25), (31, 35), (43, 35), (43, 25)]), (120, 146, 166))
    stage.shape(at([(46, 25), (46, 35), (60, 35), (70, 25)]), (120, 146, 166))
    for wheel in (20, 70):
        stage.disc(x + wheel * size, foot - 7 * size, 8.4 * size, 8.4 * size, (44, 48, 54))
        stage.disc(x + wheel * size, foot - 7 * size, 3.8 * size, 3.8 * size, (150, 158, 164))
    stage.box(x + 1 * size, foot - 18 * size, 5 * size, 3.4 * size, (246, 236, 196))


def bicycle(stage: Stage, x: float, foot: float, size: float = 1, whole: bool = True) -> None:
    """A bicycle, or what thieves left of it."""
    paint = stage.chance.choice(((196, 84, 70), (70, 130, 150), (70, 78, 88), (214, 170, 84)))
    wheels = [(x, foot - 13 * size), (x + 40 * size, foot - 13 * size)]
    for wheel_x, wheel_y in wheels if whole else wheels[:1]:
        stage.ring(wheel_x, wheel_y, 13 * size, 1.8 * size, (54, 60, 68))
    back, front = wheels
    seat, crank, head = (
        (x + 12 * size, foot - 32 * size),
        (x + 17 * size, foot - 13 * size),
        (x + 33 * size, foot - 34 * size),
    )
    for start, end in ((back, seat), (back, crank), (seat, crank), (seat, head), (crank, head), (head, front)):
        stage.line([start, end], 2 * size, paint)
    stage.line(
        [(seat[0] - 5 * size, seat[1] - 3 * size), (seat[0] + 6 * size, seat[1] - 3 * size)], 3.4 * size, (50, 46, 44)
    )
    stage.line(
        [head, (head[0] - 1 * size, head[1] - 7 * size), (head[0] + 7 * size, head[1] - 9 * size)], 2 * size, METAL
    )


def scribble(stage: Stage, area: tuple[float, float, float, float], strokes: int = 5) -> None:
    """Paint on a wall: no word, no name."""
    left, top, right, bottom = area
    for _ in range(strokes):
        colour = stage.chance.choice(
            ((226, 60, 92), (60, 168, 190), (246, 196, 60), (120, 84, 180), (40, 44, 52), (96, 190, 110))
        )
        x = stage.chance.uniform(left, left + (right - left) * 0.4)
        points: list[Point] = []
        for _step in range(stage.chance.randint(5, 8)):
            points.append((max(left, min(right, x)), stage.chance.uniform(top, bottom)))
            x += stage.chance.uniform(0.06, 0.2) * (right - left)
        stage.line(stage.wavy(points), max(1.6, (bottom - top) * 0.055), colour)


def stairs(stage: Stage, x: float, top: float, steps: int, run: float, rise: float) -> None:
    """Steps that climb to the right."""
    end = max(top, 300 - steps * rise)
    stage.cover([(x, 300), (x + steps * run, end), (400, end), (400, 300)])
    for step in range(steps):
        left, up = x + step * run, 300 - (step + 1) * rise
        stage.box(left, max(top, up), 400 - left, 300 - max(top, up), shade((168, 172, 172), 0.82 + 0.045 * step))
        stage.box(left, max(top, up), 400 - left, 3, (206, 208, 204))


def shelter(stage: Stage, x: float, foot: float, width: float = 150, broken: bool = False, lit: bool = True) -> None:
    """A bus shelter with glass walls."""
    top, glass = foot - 104, (168, 196, 206)
    stage.box(x, top, width, 104, shade(glass, 0.92))
    stage.box(x + 3, top + 4, width * 0.45 - 3, 84, glass)
    stage.box(x + width * 0.5, top + 4, width * 0.5 - 3, 84, glass)
    for line in (0, 0.47, 0.98):
        stage.box(x + width * line, top, 4, 104, METAL)
    stage.shape([(x - 12, top - 7), (x + width + 12, top - 7), (x + width + 6, top + 3), (x - 6, top + 3)], METAL)
    stage.box(x + 14, foot - 28, width - 40, 5, WOOD)
    stage.box(x + 22, foot - 24, 3, 24, METAL)
    stage.box(x + width - 38, foot - 24, 3, 24, METAL)
    if lit:
        stage.box(x + 16, top + 4, width - 32, 3, (255, 246, 220))
        stage.cone(x + width / 2, top + 5, 104, width * 0.62, 0.55)
        stage.pool(x + width / 2, foot, width * 0.7, 16, 0.7)
    if broken:
        _crack(stage, x + width * 0.74, top + 42)


def _crack(stage: Stage, x: float, y: float) -> None:
    hole: list[Point] = []
    for step in range(11):
        turn, reach = step / 11 * math.tau, stage.chance.uniform(9, 22)
        hole.append((x + math.cos(turn) * reach, y + math.sin(turn) * reach * 1.2))
        far = stage.chance.uniform(26, 40)
        stage.line([(x, y), (x + math.cos(turn) * far * 0.8, y + math.sin(turn) * far)], 0.7, (238, 246, 248))
    stage.shape(hole, (88, 108, 122))
    for _ in range(26):
        shard = x + stage.chance.uniform(-40, 40), y + 60 + stage.chance.uniform(2, 14)
        size = stage.chance.uniform(1.2, 3.6)
        stage.shape(
            [shard, (shard[0] + size, shard[1] - size * 0.6), (shard[0] + size * 1.6, shard[1] + size * 0.5)],
            (226, 240, 244),
        )


def shop_windows(stage: Stage, foot: float, x: float, count: int = 2) -> None:
    """Lit shop windows under awnings, and their light on the ground."""
    for number in range(count):
        left = x + number * 92
        awning = stage.chance.choice(((160, 74, 60), (54, 104, 90), (60, 90, 130), (200, 150, 70)))
        stage.box(left - 3, foot - 46, 84, 46, (92, 78, 64))
        stage.box(left, foot - 38, 78, 34, (255, 232, 178))
        for post in (26, 52):
            stage.box(left + post, foot - 38, 2, 34, (140, 106, 60))
        for goods in range(5):
            stage.disc(left + 9 + goods * 15, foot - 9, 4.6, 5 + goods % 2 * 3, stage.chance.choice(WALLS))
        stage.glow(left, foot - 38, 78, 34)
        stage.shape(
            [(left - 2, foot - 50), (left + 80, foot - 50), (left + 86, foot - 37), (left - 8, foot - 37)], awning
        )
        stage.pool(left + 39, foot + 8, 78, 34, 0.75)
