"""Drawn scenes of buildings, entrances and stations, seen from near."""

from walkapp.photos.image.brush import ASPHALT, GRASS, METAL, SNOW, WALLS, WINDOW, Stage, shade
from walkapp.photos.image.things import (
    bench,
    bicycle,
    bin_,
    ground,
    lamp,
    scribble,
    shop_windows,
    slabs,
    tree,
    treeline,
)


def platform(stage: Stage) -> None:
    """The platform; its far end is darker than the rest."""
    stage.sky(140)
    treeline(stage, 152, 30)
    stage.box(0, 150, 400, 50, (110, 108, 106))
    for x in range(-10, 410, 13):
        stage.box(x, 182, 6, 12, (134, 112, 92))
    for rail in (181, 191):
        stage.box(0, rail, 400, 2.6, (196, 202, 206))
    slabs(stage, 206, (170, 172, 172))
    stage.box(0, 198, 400, 10, (234, 230, 214))
    stage.box(0, 218, 400, 3, (240, 206, 90))
    shade_roof = shade(METAL, 1.1)
    stage.box(0, 84, 214, 9, shade_roof)
    for x in (26, 112, 196):
        stage.box(x, 92, 7, 120, METAL)
    for x in (40, 128):
        stage.box(x, 92, 54, 4, (255, 246, 220))
        stage.cone(x + 27, 96, 122, 66, 0.6)
    stage.pool(104, 222, 140, 30, 0.8)
    bench(stage, 48, 232, 0.6)
    stage.box(300, 118, 4, 92, METAL)
    stage.box(270, 108, 64, 26, (38, 44, 54))
    if stage.dark:
        stage.shadow(330, 200, 130, 130, 0.82)
    else:
        for row in (114, 122):
            stage.box(276, row, stage.chance.uniform(30, 50), 3.6, (255, 190, 70))
        stage.glow(270, 108, 64, 26, (240, 236, 220))
        lamp(stage, 366, 214, 110, -14)


def ice_gutter(stage: Stage) -> None:
    """Water from the roof, frozen across the way."""
    stage.sky(30, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 66, 300, 150, wall)
    for row in range(10):
        stage.line([(0, 80 + row * 14), (300, 80 + row * 14)], 0.8, shade(wall, 0.9))
    stage.shape([(0, 40), (312, 40), (322, 66), (0, 66)], (112, 78, 70))
    stage.box(0, 64, 322, 6, METAL)
    for left in (40, 118):
        stage.box(left - 2, 102, 44, 60, shade(wall, 1.15))
        stage.box(left, 104, 40, 56, WINDOW)
        stage.box(left + 19, 104, 2, 56, shade(wall, 1.1))
        stage.glow(left, 104, 40, 56)
    stage.line([(262, 68), (262, 190), (250, 206)], 7, (160, 172, 178))
    slabs(stage, 214)
    for x in range(8, 318, 9):
        drop = stage.chance.uniform(6, 22)
        stage.shape([(x, 69), (x + 5, 69), (x + 2.5, 69 + drop)], (226, 242, 250))
    ice = stage.wavy([(244, 208), (190, 226), (120, 250), (150, 284), (246, 292), (330, 270), (316, 236), (262, 208)])
    stage.shape(ice, (206, 230, 242))
    for x, y, long in ((176, 250, 60), (214, 270, 70), (236, 236, 44)):
        stage.line([(x, y), (x + long, y - 4)], 2, SNOW)
    stage.shape([(0, 216), (60, 214), (110, 226), (0, 244)], SNOW)
    lamp(stage, 372, 232, 140, -18, lit=not stage.dark)
    stage.pool(110, 226, 120, 30, 0.6)


def tunnel(stage: Stage) -> None:
    """A foot tunnel under the railway."""
    stage.sky(34, 6)
    ground(stage, 60, (150, 152, 150))
    stage.box(0, 44, 400, 26, (134, 134, 132))
    for x in range(-6, 410, 22):
        stage.box(x, 26, 3, 20, METAL)
    stage.box(0, 24, 400, 4, METAL)
    for row in range(6):
        stage.line([(0, 86 + row * 26), (400, 86 + row * 26)], 0.9, (132, 134, 132))
    stage.shape([(0, 300), (400, 300), (300, 226), (100, 226)], ASPHALT)
    stage.disc(200, 112, 124, 46, (196, 194, 186))
    stage.box(76, 112, 248, 126, (196, 194, 186))
    stage.box(88, 106, 224, 132, (106, 110, 116))
    stage.disc(200, 112, 112, 36, (106, 110, 116))
    stage.shape([(88, 110), (150, 140), (150, 214), (88, 240)], (196, 196, 192))
    stage.shape([(312, 110), (250, 140), (250, 214), (312, 240)], (196, 196, 192))
    stage.shape([(150, 214), (250, 214), (312, 240), (88, 240)], (168, 172, 176))
    stage.box(150, 140, 100, 74, (150, 190, 200))
    stage.box(150, 186, 100, 28, GRASS)
    scribble(stage, (94, 146, 146, 206), 4)
    scribble(stage, (254, 150, 306, 206), 3)
    if stage.dark:
        stage.shadow(200, 190, 150, 90, 0.8)
    else:
        for depth, y in ((0, 108), (1, 124), (2, 134)):
            width = 50 - depth * 13
            stage.box(200 - width / 2, y, width, 4 - depth, (255, 246, 220))
            stage.pool(200, y + 30, 116 - depth * 26, 70 - depth * 10, 0.75)
    stage.pool(200, 180, 54, 44, 0.5, (190, 214, 226))


def bike_stands(stage: Stage) -> None:
    """Bicycle stands behind a building, with what is left in them."""
    stage.sky(48, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 60, 400, 154, wall)
    for row in range(12):
        stage.line([(0, 72 + row * 12), (400, 72 + row * 12)], 0.8, shade(wall, 0.9))
    stage.box(300, 108, 50, 106, shade(wall, 0.55))
    ground(stage, 212, ASPHALT)
    stage.shape([(20, 98), (284, 98), (296, 112), (10, 112)], (120, 136, 146))
    for x in (26, 150, 276):
        stage.box(x, 110, 4, 126, METAL)
    for number in range(6):
        x = 46 + number * 38
        stage.ring(x + 14, 222, 14, 3, (176, 188, 194), (180, 360))
        if stage.chance.random() < 0.8:
            bicycle(stage, x - 6, 246 + number % 2 * 5, 0.95, whole=stage.chance.random() < 0.55)
    bicycle(stage, 288, 276, 1.05, whole=False)
    stage.line([(318, 264), (352, 270)], 2.4, METAL)
    if stage.dark:
        stage.shadow(150, 200, 190, 96, 0.7)
        stage.pool(325, 120, 40, 40, 0.6)
    else:
        stage.box(140, 112, 34, 3.6, (255, 246, 220))
        stage.cone(157, 115, 120, 130, 0.6)
        stage.pool(157, 240, 150, 30, 0.8)


def niche(stage: Stage) -> None:
    """A deep niche at a side door."""
    stage.sky(6, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 22, 400, 210, wall)
    for row in range(16):
        stage.line([(0, 36 + row * 13), (400, 36 + row * 13)], 0.8, shade(wall, 0.9))
    slabs(stage, 230)
    stage.box(138, 84, 124, 146, shade(wall, 0.62))
    stage.shape([(138, 84), (172, 98), (172, 216), (138, 230)], shade(wall, 0.46))
    stage.shape([(262, 84), (228, 98), (228, 216), (262, 230)], shade(wall, 0.54))
    stage.box(176, 116, 48, 100, (96, 84, 70))
    stage.box(182, 124, 36, 34, (120, 140, 152))
    stage.disc(218, 172, 2.4, 2.4, (220, 190, 110))
    stage.shape([(138, 230), (172, 216), (228, 216), (262, 230)], (130, 130, 128))
    for left in (30, 300):
        lit = left == 30
        stage.box(left - 3, 88, 62, 72, shade(wall, 1.16))
        stage.box(left, 91, 56, 66, WINDOW if lit else (98, 120, 142))
        stage.box(left + 27, 91, 2.4, 66, shade(wall, 1.1))
        if lit:
            stage.glow(left, 91, 56, 66)
    lamp(stage, 374, 262, 150, -20)
    if stage.dark:
        stage.shadow(196, 172, 78, 88, 0.92)
    else:
        stage.box(188, 92, 24, 5, (255, 246, 220))
        stage.pool(200, 160, 74, 86, 0.85)
    stage.pool(58, 238, 80, 22, 0.6)


def stairwell(stage: Stage) -> None:
    """A stairwell whose door stands open."""
    stage.sky(4, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 18, 400, 214, wall)
    for row in range(16):
        stage.line([(0, 32 + row * 13), (400, 32 + row * 13)], 0.8, shade(wall, 0.9))
    slabs(stage, 230)
    stage.box(132, 66, 110, 166, shade(wall, 1.2))
    stage.box(140, 74, 94, 156, (196, 190, 168))
    for step in range(5):
        stage.box(
            140 + step * 12, 214 - step * 14, 94 - step * 12, 16 + step * 14, shade((180, 172, 150), 0.8 + step * 0.05)
        )
    stage.shape([(234, 74), (288, 62), (288, 252), (234, 230)], (120, 76, 58))
    stage.shape([(242, 92), (280, 84), (280, 150), (242, 150)], (150, 176, 184))
    stage.box(240, 172, 8, 16, (196, 190, 176))
    for turn in range(5):
        stage.line([(244, 180), (236 + turn * 4, 196 + turn % 2 * 3)], 0.8, (60, 48, 42))
    stage.box(82, 104, 34, 60, shade(METAL, 1.4), 2)
    for number in range(6):
        stage.box(86, 110 + number * 9, 26, 6, (216, 214, 204) if number % 2 else (204, 200, 188))
    if stage.dark:
        stage.shadow(188, 160, 62, 96, 0.86)
        lamp(stage, 372, 262, 150, -20)
    else:
        stage.glow(140, 74, 94, 150, (255, 240, 206))
        stage.pool(190, 246, 110, 34, 0.85)


def guide_strip(stage: Stage) -> None:
    """A tactile strip that runs into an advertising stand and a bicycle."""
    stage.sky(40, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(0, 50, 400, 136, wall)
    shop_windows(stage, 186, 34, 1)
    shop_windows(stage, 186, 260, 1)
    stage.box(164, 110, 60, 76, shade(wall, 0.6))
    slabs(stage, 184)
    stage.shape([(190, 184), (206, 184), (262, 300), (150, 300)], (236, 226, 190))
    for part in range(7):
        x = 160 + part * 15
        stage.line([(192 + part * 2.2, 186), (x, 300)], 1.6, (190, 178, 136))
    stage.shape([(176, 250), (206, 252), (214, 178), (186, 176)], (70, 62, 60))
    stage.shape([(181, 244), (202, 246), (208, 184), (190, 182)], (206, 96, 66))
    stage.shape([(206, 252), (218, 246), (222, 180), (214, 178)], (50, 46, 46))
    stage.disc(196, 206, 8, 8, (250, 214, 110))
    for row in range(3):
        stage.line([(187, 222 + row * 7), (203, 223 + row * 7)], 2, (250, 236, 214))
    bicycle(stage, 214, 276, 1.15)


def waiting_room(stage: Stage) -> None:
    """The waiting room: bright and warm, with large windows."""
    stage.sky(104)
    wall = stage.chance.choice(WALLS)
    stage.box(36, 92, 328, 118, wall)
    stage.shape([(22, 94), (48, 66), (352, 66), (378, 94)], (104, 80, 74))
    for left in (54, 132, 210):
        stage.box(left, 112, 68, 80, (255, 232, 178))
        stage.box(left + 33, 112, 2.4, 80, shade(wall, 0.7))
        stage.box(left + 8, 170, 52, 6, (168, 124, 80))
        stage.box(left + 12, 176, 4, 16, (120, 92, 66))
        stage.box(left + 52, 176, 4, 16, (120, 92, 66))
        stage.box(left + 22, 116, 24, 3, SNOW)
        stage.glow(left, 112, 68, 80)
    stage.box(290, 112, 54, 98, (255, 226, 166))
    stage.box(316, 112, 2.4, 98, shade(wall, 0.7))
    stage.glow(290, 112, 54, 98)
    stage.disc(200, 80, 10, 10, SNOW)
    stage.line([(200, 80), (200, 74)], 1.4, METAL)
    stage.line([(200, 80), (205, 82)], 1.4, METAL)
    stage.pool(200, 80, 18, 18, 0.9, (255, 250, 236))
    slabs(stage, 208)
    stage.pool(200, 226, 210, 60, 0.85)
    tree(stage, 12, 232, 52)
    bench(stage, 70, 252, 0.6)


def entrance_benches(stage: Stage) -> None:
    """Benches at an entrance that people walk around."""
    stage.sky(40, 6)
    wall = stage.chance.choice(WALLS)
    stage.box(20, 56, 360, 154, wall)
    stage.box(12, 48, 376, 10, shade(wall, 0.6))
    stage.box(168, 108, 76, 102, (255, 230, 176))
    stage.box(204, 108, 3, 102, shade(wall, 0.6))
    stage.glow(168, 108, 76, 102)
    stage.shape([(148, 100), (264, 100), (272, 112), (140, 112)], METAL)
    for left in (46, 102, 280, 334):
        stage.box(left - 2, 96, 40, 46, shade(wall, 1.16))
        stage.box(left, 98, 36, 42, (98, 120, 142))
    slabs(stage, 208)
    stage.pool(206, 226, 110, 40, 0.85)
    bench(stage, 26, 262, 1.0)
    bench(stage, 280, 262, 1.0)
    bin_(stage, 146, 244, 0.8)
    if stage.dark:
        stage.shadow(70, 240, 90, 60, 0.7)
        stage.shadow(330, 240, 90, 60, 0.7)
