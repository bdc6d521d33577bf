"""What follows when a photo has come: derivatives, made in a process of their own."""

import functools

from walkapp.kernel.actor import house
from walkapp.kernel.db import db
from walkapp.kernel.journal import Entry
from walkapp.kernel.queue import on
from walkapp.kernel.transaction import writing

from . import queries, service
from .image import BadImage, DarkRoom, Developed
from .store import the_store


@functools.cache
def dark_room() -> DarkRoom:
    """The one dark room of this process; it starts with the first photo."""
    return DarkRoom()


@on("photo.received", slow=True)
def develop(entry: Entry) -> None:
    """Develop a photo, or put it in quarantine after two tries. Holds no transaction while it works."""
    todo = queries.undeveloped(entry.subject_id)
    db.session.rollback()
    if todo is None:
        return
    actor = house(todo.municipality_id)
    try:
        developed = _develop(todo)
    except BadImage as bad:
        with writing():
            service.quarantine(actor, todo.content_id, bad.reason)
        return
    for size, data in developed.derivatives.items():
        the_store().keep_derivative(todo.derivative_key(size), data)
    with writing():
        service.develop(actor, todo.content_id, developed.width, developed.height)


def _develop(todo: queries.Undeveloped) -> Developed:
    for last in (False, True):
        try:
            with the_store().open(todo.key) as original:
                return dark_room().develop(original.fileno())
        except BadImage as bad:
            if last or not bad.worth_a_retry:
                raise
    raise AssertionError("unreachable")
