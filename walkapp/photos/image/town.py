"""Drawn scenes of streets and squares."""

from walkapp.photos.image.brush import ASPHALT, METAL, PAVING, SNOW, STONE, WALLS, WINDOW, Colour, Stage, shade
from walkapp.photos.image.things import (
    bench,
    bicycle,
    bin_,
    car,
    ground,
    house,
    lamp,
    litter,
    scribble,
    shelter,
    shop_windows,
    slabs,
    street,
    tree,
    treeline,
)


def square(stage: Stage) -> None:
    """A square with its benches, and two lamps that may be out."""
    stage.sky(178)
    street(stage, 190)
    slabs(stage, 190)
    shop_windows(stage, 190, stage.chance.uniform(190, 250))
    tree(stage, stage.chance.uniform(20, 60), 214, 50)
    lamp(stage, 92, 236, 132, 18, lit=not stage.dark)
    lamp(stage, 168, 222, 112, 16, lit=not stage.dark)
    lamp(stage, 372, 212, 96, -14)
    bench(stage, 40, 276, 1.05)
    bench(stage, 176, 262, 0.8)
    if stage.dark:
        stage.shadow(110, 236, 150, 84, 0.7)


def car_park(stage: Stage) -> None:
    """A car park behind a house; dark between its posts."""
    stage.sky(58, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(30, 74, 340, 132, wall)
    stage.box(26, 68, 348, 9, shade(wall, 0.6))
    for row in (94, 142):
        for left in range(54, 350, 44):
            lit = stage.chance.random() < 0.12
            stage.box(left - 1.4, row - 1.4, 24.8, 29.8, shade(wall, 1.16))
            stage.box(left, row, 22, 27, WINDOW if lit else (92, 114, 136))
            if lit:
                stage.glow(left, row, 22, 27)
    ground(stage, 205, ASPHALT)
    for start, end in ((96, 40), (168, 140), (232, 252), (304, 360)):
        stage.line([(start, 236), (end, 300)], 2.2, (216, 222, 224))
    lamp(stage, 22, 228, 124, 18)
    lamp(stage, 380, 228, 124, -18)
    if not stage.dark:
        lamp(stage, 152, 226, 112, 16)
        lamp(stage, 262, 226, 112, -16)
    car(stage, stage.chance.uniform(96, 118), 250, 0.86)
    car(stage, stage.chance.uniform(206, 232), 253, 0.9)
    if stage.dark:
        stage.shadow(202, 226, 156, 92, 0.85)


def cabinet(stage: Stage) -> None:
    """An electricity cabinet, painted over."""
    stage.sky(176)
    street(stage, 192)
    slabs(stage, 192)
    lamp(stage, 62, 230, 126, 18, lit=not stage.dark)
    grey: Colour = (170, 184, 178)
    stage.cover([(130, 262), (130, 122), (158, 118), (290, 118), (288, 250), (262, 262)])
    stage.shape([(262, 128), (288, 120), (288, 248), (262, 262)], shade(grey, 0.74))
    stage.box(132, 128, 130, 134, grey)
    stage.shape([(128, 128), (158, 118), (292, 118), (266, 128)], shade(grey, 1.16))
    stage.box(196, 132, 2.4, 128, shade(grey, 0.72))
    for left in (142, 206):
        for row in range(4):
            stage.box(left, 240 + row * 4, 46, 1.8, shade(grey, 0.72))
    stage.box(186, 184, 6, 14, METAL, 2)
    scribble(stage, (138, 138, 256, 232), 7)
    scribble(stage, (265, 150, 284, 226), 3)
    stage.pool(196, 200, 140, 90, 0.34)


def gable(stage: Stage) -> None:
    """An alley with a painted gable."""
    stage.sky(150)
    street(stage, 200, 60, 80)
    slabs(stage, 200)
    brick: Colour = (190, 122, 96)
    stage.cover([(0, 20), (176, 92), (176, 214), (0, 290)])
    stage.cover([(400, 30), (276, 96), (276, 214), (400, 280)])
    stage.shape([(0, 20), (176, 92), (176, 214), (0, 290)], brick)
    for row in range(16):
        stage.line([(0, 34 + row * 16), (176, 98 + row * 7.3)], 0.8, shade(brick, 0.84))
    stage.shape([(400, 30), (276, 96), (276, 214), (400, 280)], shade(STONE, 0.95))
    for up in (0, 1):
        stage.shape(
            [(352, 88 + up * 66), (318, 104 + up * 46), (318, 132 + up * 46), (352, 128 + up * 70)], (98, 120, 142)
        )
    scribble(stage, (14, 128, 158, 218), 9)
    stage.line([(276, 118), (262, 118)], 3, METAL)
    stage.box(252, 116, 13, 6, (255, 243, 208))
    if not stage.dark:
        stage.cone(258, 120, 96, 70, 0.55)
        stage.pool(200, 222, 120, 34, 0.8)
        stage.pool(96, 176, 110, 70, 0.4)


def full_bin(stage: Stage) -> None:
    """A bin that is full, and what lies around it."""
    stage.sky(170)
    street(stage, 186)
    slabs(stage, 186)
    shelter(stage, 206, 226, 150, lit=not stage.dark)
    bench(stage, 20, 258, 0.9)
    bin_(stage, 152, 268, 1.5, full=True)
    litter(stage, (60, 250, 300, 292), 26)
    stage.pool(150, 250, 120, 70, 0.4)


def container(stage: Stage) -> None:
    """Glass and rubbish beside a container."""
    stage.sky(104)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 56, 196, 160, wall)
    for row in range(11):
        stage.line([(0, 70 + row * 13), (196, 70 + row * 13)], 0.8, shade(wall, 0.88))
    stage.box(34, 130, 46, 84, shade(wall, 0.5))
    ground(stage, 212, ASPHALT)
    green: Colour = (70, 142, 108)
    stage.box(126, 130, 176, 92, green)
    stage.shape([(120, 130), (134, 110), (296, 110), (310, 130)], shade(green, 1.22))
    for x in range(144, 300, 32):
        stage.box(x, 140, 6, 78, shade(green, 0.78))
    for x in (146, 284):
        stage.disc(x, 226, 7, 7, (50, 54, 60))
    for x in (92, 112, 318):
        stage.disc(x, 226, 17, 15, (58, 62, 72))
        stage.shape([(x - 4, 213), (x + 4, 213), (x, 204)], (58, 62, 72))
    litter(stage, (60, 236, 340, 284), 20)
    for _ in range(18):
        left, low, size = stage.chance.uniform(150, 300), stage.chance.uniform(240, 276), stage.chance.uniform(2, 5)
        shard = [(left, low), (left + size, low - size * 0.7), (left + size * 1.7, low + size * 0.4)]
        stage.shape(shard, (170, 214, 190))
    lamp(stage, 356, 224, 134, -18, lit=not stage.dark)


def broken_shelter(stage: Stage) -> None:
    """A bus shelter with a broken pane."""
    stage.sky(172)
    street(stage, 190)
    slabs(stage, 190)
    stage.box(0, 262, 400, 38, ASPHALT)
    stage.box(0, 258, 400, 5, (216, 216, 210))
    shelter(stage, 108, 250, 196, broken=True, lit=not stage.dark)
    stage.box(338, 142, 4, 108, METAL)
    stage.disc(340, 138, 15, 15, (40, 96, 150))
    stage.box(332, 132, 16, 11, SNOW, 2)


def crossing(stage: Stage) -> None:
    """A zebra crossing, and headlights coming."""
    stage.sky(164)
    street(stage, 182)
    ground(stage, 180, PAVING)
    stage.shape([(150, 184), (262, 184), (430, 300), (-40, 300)], ASPHALT)
    for part in range(7):
        left = 14 + part * 55
        stage.shape(
            [
                (left + 22 - (left - 200) * 0.18, 236),
                (left + 46 - (left - 200) * 0.18, 236),
                (left + 40, 266),
                (left + 8, 266),
            ],
            (240, 240, 234),
        )
    for side in (58, 348):
        stage.cover([(side - 12, 148), (side + 16, 148), (side + 16, 120), (side - 12, 120)])
        stage.box(side, 150, 4, 90, METAL)
        stage.shape([(side - 12, 148), (side + 16, 148), (side + 16, 120), (side - 12, 120)], (44, 100, 160))
        stage.shape([(side - 6, 144), (side + 10, 144), (side + 2, 126)], SNOW)
    stage.shape([(182, 198), (190, 184), (224, 184), (232, 198), (234, 212), (180, 212)], (70, 84, 104))
    stage.shape([(191, 197), (195, 188), (219, 188), (223, 197)], (130, 152, 170))
    for x in (187, 227):
        stage.disc(x, 204, 4, 3.4, (255, 250, 226))
        stage.pool(x, 204, 20, 16, 1, (255, 248, 222))
        stage.pool(x + (x - 207) * 1.2, 236, 64, 22, 0.75, (255, 244, 212))
    lamp(stage, 392, 214, 124, -18, lit=not stage.dark)
    if not stage.dark:
        lamp(stage, 14, 214, 124, 18)


def shopping_street(stage: Stage) -> None:
    """The pedestrian street with its windows lit."""
    stage.sky(140)
    for side, lean in ((0, 1), (400, -1)):
        wall, other = stage.chance.sample(WALLS, 2)
        far = side + lean * 150
        stage.shape([(side, 10), (far, 96), (far, 196), (side, 290)], wall)
        stage.shape([(side + lean * 74, 52), (far, 96), (far, 196), (side + lean * 74, 244)], other)
        for start in (10, 42, 84, 116):
            _slanted_window(stage, side, lean, start)
        for start, end in ((8, 66), (82, 142)):
            _slanted_shop(stage, side, lean, start, end)
    stage.shape([(150, 196), (250, 196), (400, 290), (400, 300), (0, 300), (0, 290)], PAVING)
    house(stage, 150, 100, 120, 197, gable=True)
    for y, half in ((206, 66), (222, 92), (246, 132), (278, 186)):
        stage.line([(200 - half, y), (200 + half, y)], 0.9, shade(PAVING, 0.86))
    for x in (120, 280):
        stage.pool(x, 238, 120, 46, 0.7)
    for row in range(3):
        y = 60 + row * 22
        stage.line(stage.wavy([(60 + row * 36, y - 8), (200, y + 10), (340 - row * 36, y - 8)]), 0.8, METAL)
        for bulb in range(7):
            across, down = 84 + row * 30 + bulb * (232 - row * 60) / 6, y + 8 - abs(bulb - 3) * 3.4
            stage.disc(across, down, 2.2, 2.2, (255, 240, 200))
            stage.pool(across, down, 9, 9, 1)
    bicycle(stage, 92, 274, 0.9)
    bench(stage, 262, 268, 0.7)


def _slanted_window(stage: Stage, side: float, lean: float, start: float) -> None:
    near, far, width = 10 + start * 0.573 + 26, 10 + (start + 16) * 0.573 + 24, 16 - start * 0.05
    pane = [
        (side + lean * start, near),
        (side + lean * (start + width), far),
        (side + lean * (start + width), far + 30 - start * 0.13),
        (side + lean * start, near + 34 - start * 0.14),
    ]
    lit = stage.chance.random() < 0.4
    stage.shape(pane, WINDOW if lit else (98, 120, 142))
    if lit:
        stage.shine(pane)


def _slanted_shop(stage: Stage, side: float, lean: float, start: float, end: float) -> None:
    near, far, x0, x1 = 264 - start * 0.62, 264 - end * 0.62, side + lean * start, side + lean * end
    top0, top1 = near - 74 + start * 0.28, far - 74 + end * 0.28
    pane = [(x0, top0), (x1, top1), (x1, far - 6), (x0, near - 6)]
    stage.shape(pane, (255, 232, 178))
    stage.shine(pane)
    stage.line([((x0 + x1) / 2, (top0 + top1) / 2), ((x0 + x1) / 2, (near + far) / 2 - 6)], 1.6, (140, 106, 60))
    awning = [(x0, top0 - 8), (x1, top1 - 6), (x1 + lean * 8, top1 + 8), (x0 + lean * 14, top0 + 12)]
    stage.cover(awning)
    stage.shape(awning, stage.chance.choice(((190, 90, 72), (70, 130, 112), (78, 112, 156))))


def cobbles(stage: Stage) -> None:
    """Loose cobbles in the way across the square."""
    stage.sky(140)
    street(stage, 156, 50, 84)
    ground(stage, 154, (150, 144, 136))
    y, size = 160.0, 5.0
    while y < 304:
        x = -stage.chance.uniform(0, size)
        while x < 404:
            gone = 150 < y < 262 and abs(x - 190 - (y - 200) * 0.3) < 54 and stage.chance.random() < 0.5
            tone = stage.chance.uniform(0.86, 1.12)
            if gone:
                stage.disc(x + size * 0.5, y, size * 0.5, size * 0.3, (104, 90, 76))
            else:
                stage.box(x, y - size * 0.34, size * 1.02, size * 0.66, shade((186, 180, 172), tone), size * 0.2)
            x += size * 1.22
        y, size = y + size * 0.84, size * 1.09
    for _ in range(9):
        x, y = stage.chance.uniform(120, 270), stage.chance.uniform(206, 276)
        stage.box(x, y, 15, 9, shade((200, 194, 186), stage.chance.uniform(0.9, 1.1)), 3)
        stage.disc(x + 8, y + 10, 8, 2.2, (96, 86, 76))
    lamp(stage, 346, 196, 120, -18, lit=not stage.dark)
    stage.pool(200, 240, 160, 60, 0.3)


def wayfinding(stage: Stage) -> None:
    """A signpost without the sign that would be needed."""
    stage.sky(168)
    street(stage, 184)
    slabs(stage, 184)
    stage.shape([(150, 186), (186, 186), (130, 300), (-30, 300)], ASPHALT)
    stage.shape([(230, 186), (262, 186), (430, 284), (430, 300), (320, 300)], ASPHALT)
    stage.box(206, 70, 6, 190, METAL)
    for y, left, right, colour in (
        (84, 132, 206, (48, 104, 156)),
        (108, 212, 286, (48, 104, 156)),
        (132, 140, 206, (150, 160, 166)),
    ):
        tip = -10 if right == 206 else 10
        edge = left if tip < 0 else right
        stage.cover([(left - 10, y), (right + 10, y), (right + 10, y + 17), (left - 10, y + 17)])
        stage.shape([(left, y), (right, y), (right, y + 17), (left, y + 17)], colour)
        stage.shape([(edge, y), (edge + tip, y + 8.5), (edge, y + 17)], colour)
        if colour[0] == 48:
            stage.box(left + 8, y + 6, (right - left) - 22, 4.6, SNOW, 2)
        else:
            stage.line([(left + 6, y + 13), (left + 40, y + 5)], 1.2, (110, 118, 124))
    stage.disc(209, 66, 6, 6, (48, 104, 156))
    lamp(stage, 350, 226, 132, -18, lit=not stage.dark)
    tree(stage, 40, 214, 48)
    stage.pool(205, 130, 110, 80, 0.4)


def benches(stage: Stage) -> None:
    """Benches that turn their back to the square."""
    stage.sky(172)
    street(stage, 188)
    slabs(stage, 188)
    shop_windows(stage, 188, 120, 2)
    stage.disc(206, 222, 66, 11, (150, 156, 156))
    stage.disc(206, 218, 60, 9, (120, 168, 190))
    stage.box(203, 190, 6, 28, STONE)
    stage.disc(206, 190, 16, 4, STONE)
    lamp(stage, 34, 232, 130, 18, lit=not stage.dark)
    tree(stage, 372, 216, 52, (186, 150, 74))
    bench(stage, 44, 284, 1.2)
    bench(stage, 240, 284, 1.2)
    if stage.dark:
        stage.shadow(190, 276, 190, 50, 0.6)


def kiosk(stage: Stage) -> None:
    """A kiosk with its shutters down."""
    stage.sky(164)
    street(stage, 184, 50, 82)
    slabs(stage, 184)
    tree(stage, 56, 220, 58)
    paint: Colour = stage.chance.choice(((86, 132, 128), (176, 110, 84), (110, 126, 152)))
    stage.cover([(126, 248), (126, 118), (150, 84), (270, 84), (294, 118), (294, 248)])
    stage.box(126, 116, 168, 132, paint)
    stage.shape([(112, 118), (150, 84), (270, 84), (308, 118)], shade(paint, 0.66))
    stage.box(140, 138, 104, 62, (198, 202, 200))
    for row in range(9):
        stage.line([(140, 144 + row * 6.6), (244, 144 + row * 6.6)], 1.1, (150, 156, 156))
    stage.box(136, 200, 112, 6, shade(paint, 1.25))
    stage.box(256, 140, 28, 108, shade(paint, 0.78))
    stage.box(150, 122, 84, 12, SNOW, 3)
    stage.box(158, 126, 46, 4, shade(paint, 0.8), 2)
    lamp(stage, 350, 240, 140, -18, lit=not stage.dark)
    if not stage.dark:
        stage.pool(200, 190, 150, 80, 0.4)


def empty_street(stage: Stage) -> None:
    """A street where nobody is and every window is dark."""
    stage.sky(150)
    treeline(stage, 190, 26)
    for side, lean in ((0, 1), (400, -1)):
        wall = shade(stage.chance.choice(WALLS), 0.9)
        stage.shape([(side, 24), (side + lean * 158, 112), (side + lean * 158, 190), (side, 276)], wall)
        for part in range(4):
            start, end = 10 + part * 36, 30 + part * 36
            for floor in (0, 1):
                near = 84 + start * 0.38 + floor * (86 - start * 0.36)
                far = 84 + end * 0.38 + floor * (86 - end * 0.36)
                stage.shape(
                    [
                        (side + lean * start, near),
                        (side + lean * end, far),
                        (side + lean * end, far + 42 - end * 0.2),
                        (side + lean * start, near + 44 - start * 0.2),
                    ],
                    (84, 102, 122),
                )
    stage.shape([(158, 189), (242, 189), (400, 276), (400, 300), (0, 300), (0, 276)], ASPHALT)
    stage.shape([(158, 189), (164, 189), (70, 300), (0, 300), (0, 276)], PAVING)
    for part, y in enumerate((198, 212, 234, 266)):
        stage.shape(
            [(199, y), (201, y), (202 + part, y + 6 + part * 4), (198 - part, y + 6 + part * 4)], (226, 226, 220)
        )
    lamp(stage, 232, 196, 54, -8)
    lamp(stage, 108, 246, 126, 18, lit=not stage.dark)
    litter(stage, (150, 240, 300, 280), 5)
