"""The dark room: the only place where a photo is decoded, each in a process of its own that may touch nothing else.

    dark_room   what the job process holds: starts the room, hands photos in, gets derivatives out
    inside      the room itself: forks one child per photo
    fence       what the child gives up before it looks at a photo
    develop     Pillow: upright, small, pixels only
    scenes      drawn stand-ins for the demo's photos: `town`, `green`, `walls` hold them, `things` what stands in
                them, `brush` the colours and the light

Importing this package imports no Pillow; only `inside` does, in its own process, and `scenes`, when asked to draw.
"""

from walkapp.photos.image.dark_room import BadImage, DarkRoom, DarkRoomGone, Developed, layers

__all__ = ["BadImage", "DarkRoom", "DarkRoomGone", "Developed", "draw_scene", "layers"]


def draw_scene(category: str, seed: int, dark: bool = False) -> bytes:
    """A drawn dusk scene as a JPEG of 1600x1200; `dark` has the lamp out. See `scenes`."""
    from walkapp.photos.image.scenes import draw

    return draw(category, seed, dark)
