"""The drawn stand-ins for the demo's photos."""

import hashlib
import io

import pytest
from PIL import Image, ImageStat

from walkapp.photos import image, rules
from walkapp.photos.image import scenes

CATEGORIES = (  # noqa: SIM905
    "lighting sightline graffiti litter vandalism upkeep ice traffic passage transit parking building access wayfinding "
    "meeting_place deserted order safe_place other"
).split()


def brightness(photo):
    return ImageStat.Stat(Image.open(io.BytesIO(photo)).convert("L")).mean[0]


def test_every_category_has_a_scene():
    assert set(scenes.OF_CATEGORY) == set(CATEGORIES)


@pytest.mark.parametrize("name", scenes.SCENES)
def test_a_scene_is_a_photo_like_any_other(name):
    photo = image.draw_scene(name, 7)
    assert rules.plain_jpeg_size(photo) == (1600, 1200)
    assert len(photo) < 400_000
    assert ImageStat.Stat(Image.open(io.BytesIO(photo)).convert("L")).stddev[0] > 10
    assert brightness(image.draw_scene(name, 7, dark=True)) < brightness(photo)


def test_a_seed_gives_the_same_picture_every_time_and_another_seed_another():
    drawn = [image.draw_scene("lighting", seed) for seed in (1, 1, 6, 11)]
    assert drawn[0] == drawn[1]
    assert len({hashlib.sha256(photo).digest() for photo in drawn}) == 3


def test_light_and_dark_show_the_same_place():
    """Before and after: the same houses stand there, so the brightest windows are in the same spots."""
    lit, dark = (
        Image.open(io.BytesIO(image.draw_scene("square", 4, dark))).convert("L").crop((0, 360, 1600, 640))
        for dark in (False, True)
    )
    windows = dark.point(lambda value: 255 if value > 180 else 0)
    assert ImageStat.Stat(lit, mask=windows).mean[0] > 150


def test_what_nobody_has_drawn_is_an_error():
    with pytest.raises(KeyError):
        image.draw_scene("unicorn", 1)
