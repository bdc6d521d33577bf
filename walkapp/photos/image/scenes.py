"""Drawn stand-ins for the demo's photos: places at dusk, clearly drawn, nobody in them.

A scene is asked for by a category of observations, or by its own name; the seed varies hour, colours and places.
`dark` has the lamp out that the picture is about, and the night further gone.
"""

from collections.abc import Callable

from walkapp.photos.image import green, town, walls
from walkapp.photos.image.brush import Stage

Scene = Callable[[Stage], None]

OF_CATEGORY: dict[str, tuple[Scene, ...]] = {
    "lighting": (town.square, town.car_park, green.river_path, green.shortcut, walls.platform),
    "sightline": (green.hedge_stair, green.shrubs_kerb, green.lilacs_wall),
    "graffiti": (town.cabinet, town.gable),
    "litter": (town.full_bin, town.container),
    "vandalism": (town.broken_shelter,),
    "upkeep": (green.railing, town.cobbles),
    "ice": (walls.ice_gutter,),
    "traffic": (town.crossing, town.shopping_street),
    "passage": (walls.tunnel,),
    "transit": (walls.platform, town.broken_shelter),
    "parking": (town.car_park, walls.bike_stands),
    "building": (walls.niche, walls.stairwell),
    "access": (town.cobbles, walls.guide_strip),
    "wayfinding": (town.wayfinding,),
    "meeting_place": (town.benches, town.kiosk, green.park),
    "deserted": (town.empty_street, green.shortcut),
    "order": (green.pavilion, walls.entrance_benches),
    "safe_place": (green.church, walls.waiting_room, town.shopping_street, green.park),
    "other": (town.square,),
}

_BY_NAME: dict[str, Scene] = {scene.__name__: scene for scenes in OF_CATEGORY.values() for scene in scenes}
SCENES = tuple(_BY_NAME)


def draw(category: str, seed: int, dark: bool = False) -> bytes:
    """Draw a scene of the category, or the scene of that name, as a JPEG of 1600x1200.

    The same words draw the same picture, every time and everywhere.
    """
    of_category = OF_CATEGORY.get(category)
    scene = of_category[seed % len(of_category)] if of_category else _BY_NAME[category]
    stage = Stage(f"{scene.__name__} {seed}", dark)
    scene(stage)
    return stage.jpeg()
