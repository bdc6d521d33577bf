"""What the frame of the app reads: whether the house is well."""

import functools
import logging

from sqlalchemy import select

from walkapp.kernel.db import db
from walkapp.kernel.installation import Installation
from walkapp.photos import store
from walkapp.photos.image import layers

log = logging.getLogger(__name__)


def ailing() -> str | None:
    """Return what does not answer, `database` or `store`; None when both do. What exactly is wrong goes to the log."""
    try:
        if db.session.scalar(select(Installation.one)) is None:
            return "database"
    except Exception:
        db.session.rollback()
        log.exception("the database does not answer")
        return "database"
    try:
        store.the_store().check()
    except Exception:
        log.exception("the photo store does not answer")
        return "store"
    return None


@functools.cache
def fence() -> dict[str, bool]:
    """Return which layers of the fence around picture decoding hold on this machine."""
    return {layer: bool(holds) for layer, holds in layers()["held"].items()}
