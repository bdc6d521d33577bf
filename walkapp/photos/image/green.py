"""Drawn scenes of parks, paths and what grows beside them."""

from walkapp.photos.image.brush import ASPHALT, GRASS, LEAF, METAL, PAVING, SNOW, STONE, Colour, Stage, shade
from walkapp.photos.image.things import (
    bench,
    bin_,
    bush,
    ground,
    house,
    lamp,
    litter,
    path,
    stairs,
    street,
    tree,
    treeline,
)


def river_path(stage: Stage) -> None:
    """The walk along the river."""
    stage.sky(150)
    treeline(stage, 158, 40)
    stage.box(0, 157, 400, 143, (112, 150, 172))
    for _ in range(26):
        x, y = stage.chance.uniform(0, 300), stage.chance.uniform(164, 250)
        stage.line([(x, y), (x + stage.chance.uniform(14, 46), y)], 1.1, (176, 200, 210))
    bank = stage.wavy([(420, 160), (330, 166), (220, 186), (120, 230), (60, 310)])
    stage.shape([*bank, (420, 310)], GRASS)
    way = stage.wavy([(372, 164), (300, 182), (226, 216), (170, 306)])
    back = stage.wavy([(300, 306), (310, 226), (352, 186), (386, 164)])
    stage.shape([*way, *back], (168, 160, 146))
    for x, foot, size in ((394, 176, 26), (366, 232, 44), (404, 286, 74)):
        tree(stage, x, foot, size * stage.chance.uniform(0.9, 1.15))
    for y, x in ((262, 92), (232, 134), (206, 190), (188, 246)):
        stage.line([(x, y), (x - 4, y - 26 * (y - 140) / 100)], 1.6, (136, 150, 84))
        stage.line([(x + 6, y), (x + 9, y - 20 * (y - 140) / 100)], 1.4, (150, 158, 92))
    stage.pool(346, 150, 18, 15, 1)
    if stage.dark:
        stage.shadow(262, 240, 170, 90, 0.62)
    else:
        lamp(stage, 300, 216, 92, -14)
        lamp(stage, 346, 186, 54, -8)


def shortcut(stage: Stage) -> None:
    """A foot-path between the trees, unlit after half its length."""
    stage.sky(168)
    treeline(stage, 176, 30)
    house(stage, 160, 74, 128, 178, gable=True)
    ground(stage, 176, GRASS)
    path(stage, 177, 206, (110, 330))
    for x, foot, size in ((30, 226, 62), (96, 194, 36), (282, 192, 34), (352, 220, 60), (388, 282, 96), (-6, 290, 100)):
        tree(stage, x, foot, size * stage.chance.uniform(0.85, 1.1))
    lamp(stage, 240, 206, 66, -10)
    if stage.dark:
        stage.shadow(206, 268, 210, 92, 0.8)
    else:
        lamp(stage, 308, 262, 128, -20)


def hedge_stair(stage: Stage) -> None:
    """A hedge over head height beside a stair."""
    stage.sky(150)
    street(stage, 196, 50, 80)
    ground(stage, 194, GRASS)
    stairs(stage, 196, 184, 5, 34, 23)
    stage.line([(206, 246), (374, 138)], 3.6, METAL)
    for x in (222, 290, 356):
        stage.line([(x, 300 - (x - 190) * 0.64), (x, 250 - (x - 190) * 0.66)], 3, METAL)
    lamp(stage, 330, 190, 118, -16, lit=not stage.dark)
    bush(stage, 84, 304, 124, stage.chance.uniform(176, 196))
    stage.shadow(196, 262, 44, 66, 0.75)


def shrubs_kerb(stage: Stage) -> None:
    """Brushwood at the kerb: a child behind it is not seen."""
    stage.sky(160)
    street(stage, 186, 56, 90)
    ground(stage, 184, PAVING)
    stage.shape([(0, 214), (400, 190), (400, 300), (0, 300)], ASPHALT)
    stage.shape([(0, 208), (400, 186), (400, 191), (0, 216)], (214, 214, 208))
    for part in range(4):
        x = 30 + part * 104
        stage.shape(
            [(x, 268 - part * 7), (x + 46, 265 - part * 7), (x + 50, 270 - part * 7), (x + 2, 273 - part * 7)],
            (232, 232, 226),
        )
    lamp(stage, 360, 196, 112, -16, lit=not stage.dark)
    for x, across in ((64, 46), (196, 38), (130, 56)):
        bush(
            stage, x, 228 - x * 0.07, across, stage.chance.uniform(92, 122), shade(LEAF, stage.chance.uniform(0.9, 1.2))
        )
    stage.shadow(128, 212, 120, 26, 0.5)


def lilacs_wall(stage: Stage) -> None:
    """Tall lilacs along a wall, over the pavement."""
    stage.sky(140)
    street(stage, 176, 60, 90)
    ground(stage, 174, ASPHALT)
    stage.shape([(400, 110), (400, 236), (120, 178), (120, 146)], (196, 184, 164))
    for row in range(1, 5):
        stage.line([(120, 146 + row * 7), (400, 110 + row * 27)], 1, (166, 152, 132))
    stage.shape([(120, 177), (400, 236), (400, 300), (300, 300), (112, 180)], PAVING)
    for x, size in ((150, 34), (196, 46), (250, 62), (312, 80), (376, 100)):
        bush(stage, x, 150 + (x - 120) * 0.29 + size * 0.3, size * 0.66, size * 1.5)
        for _ in range(7):
            stage.disc(
                x + stage.chance.uniform(-0.5, 0.5) * size,
                118 + stage.chance.uniform(-0.2, 0.6) * size,
                2.6,
                4,
                (186, 150, 196),
            )
    lamp(stage, 70, 206, 118, 16, lit=not stage.dark)
    stage.shadow(300, 240, 120, 50, 0.6)


def railing(stage: Stage) -> None:
    """A stair to the park whose railing is broken."""
    stage.sky(150)
    treeline(stage, 176, 46)
    ground(stage, 174, GRASS)
    tree(stage, 44, 214, 62)
    stairs(stage, 120, 120, 7, 38, 24)
    steel: Colour = (150, 166, 176)
    for x in (96, 166, 292, 366):
        stage.line([(x, 306 - (x - 100) * 0.62), (x, 244 - (x - 100) * 0.62)], 4, shade(steel, 0.8))
    stage.line([(70, 262), (196, 184)], 5, steel)
    stage.line([(196, 184), (206, 214)], 4.4, steel)
    stage.line([(268, 140), (396, 60)], 5, steel)
    stage.line([(268, 140), (250, 158)], 4.4, steel)
    for x, y in ((206, 214), (250, 158)):
        stage.disc(x, y, 2.6, 2.6, (226, 110, 60))
    for part in range(5):
        colour: Colour = (232, 90, 60) if part % 2 == 0 else SNOW
        stage.line([(198 + part * 12, 196 - part * 8), (210 + part * 12, 188 - part * 8)], 4, colour)
    lamp(stage, 30, 236, 130, 18, lit=not stage.dark)


def park(stage: Stage) -> None:
    """A park: mown, open, near the water."""
    stage.sky(160)
    treeline(stage, 170, 34)
    ground(stage, 168, GRASS)
    stage.shape(
        [*stage.wavy([(0, 178), (120, 174), (260, 180), (400, 172)]), (400, 190), (240, 196), (0, 194)], (126, 172, 196)
    )
    stage.line(stage.wavy([(250, 178), (290, 162), (330, 176)]), 4, STONE)
    for x in (262, 290, 318):
        stage.line([(x, 170), (x, 184)], 2, STONE)
    way = stage.wavy([(140, 196), (176, 224), (150, 262), (60, 306)])
    back = stage.wavy([(210, 306), (236, 256), (214, 220), (158, 196)])
    stage.shape([*way, *back], (216, 200, 166))
    for x, foot, size in ((40, 210, 50), (346, 208, 46), (388, 262, 80)):
        tree(stage, x, foot, size, stage.chance.choice((LEAF, (186, 150, 74), (196, 116, 76))))
    bench(stage, 252, 262, 0.9)
    for _ in range(26):
        stage.disc(
            stage.chance.uniform(230, 392),
            stage.chance.uniform(272, 296),
            1.5,
            1.3,
            stage.chance.choice(((240, 214, 110), SNOW, (220, 140, 150))),
        )
    lamp(stage, 116, 226, 104, 14, lit=not stage.dark)


def pavilion(stage: Stage) -> None:
    """Benches under a roof where people gather in the evening; empty."""
    stage.sky(158)
    treeline(stage, 172, 46)
    ground(stage, 170, GRASS)
    stage.disc(204, 252, 160, 30, PAVING)
    for x in (98, 170, 240, 310):
        stage.box(x, 134, 6, 108, (206, 200, 188))
    stage.shape([(66, 138), (204, 76), (346, 138)], (140, 84, 72))
    stage.shape([(66, 138), (346, 138), (340, 146), (72, 146)], shade((140, 84, 72), 0.7))
    bench(stage, 112, 246, 0.84)
    bench(stage, 216, 246, 0.84)
    bin_(stage, 352, 262, 0.9)
    litter(stage, (110, 252, 300, 274), 7)
    tree(stage, 30, 220, 62)
    if stage.dark:
        stage.shadow(206, 200, 150, 76, 0.72)
        lamp(stage, 384, 222, 110, -14)
    else:
        stage.box(194, 142, 22, 4, (255, 246, 220))
        stage.cone(205, 146, 108, 120, 0.6)
        stage.pool(205, 250, 150, 26, 0.8)


def church(stage: Stage) -> None:
    """The church with its wall lit, and open ground before it."""
    stage.sky(190)
    treeline(stage, 218, 44)
    wall = shade(STONE, stage.chance.uniform(0.98, 1.14))
    stage.box(60, 150, 240, 72, wall)
    stage.shape([(54, 152), (84, 106), (286, 106), (306, 152)], (124, 84, 74))
    stage.box(246, 88, 66, 134, shade(wall, 1.05))
    stage.shape([(240, 90), (279, 22), (318, 90)], (90, 120, 112))
    stage.line([(279, 22), (279, 8)], 2, (230, 208, 140))
    stage.line([(274, 13), (284, 13)], 2, (230, 208, 140))
    for x in (84, 130, 176):
        stage.box(x, 172, 18, 34, (255, 240, 196))
        stage.disc(x + 9, 172, 9, 9, (255, 240, 196))
        stage.glow(x, 164, 18, 42)
    stage.box(266, 184, 26, 38, (104, 74, 46))
    stage.disc(279, 184, 13, 13, (104, 74, 46))
    stage.disc(279, 120, 9, 9, SNOW)
    stage.line([(279, 120), (279, 114)], 1.2, METAL)
    stage.line([(279, 120), (284, 122)], 1.2, METAL)
    ground(stage, 220, GRASS)
    stage.shape([(262, 220), (296, 220), (350, 300), (170, 300)], PAVING)
    tree(stage, 24, 236, 58)
    tree(stage, 366, 232, 50, (186, 150, 74))
    for x in (100, 170, 240, 290):
        stage.pool(x, 200, 64, 74, 0.66)
    stage.pool(200, 226, 190, 34, 0.8)
    lamp(stage, 356, 262, 96, -14)
