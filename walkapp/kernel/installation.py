"""The installation itself: the id that phones learn, and the epoch that a restore renews."""

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from .db import Model, db
from .ids import new_id


class Installation(Model):
    """One row."""

    __tablename__ = "installation"

    one: Mapped[int] = mapped_column(primary_key=True, default=1)
    server_id: Mapped[str]
    epoch: Mapped[str]
    is_demo: Mapped[bool] = mapped_column(default=False)


def installation() -> Installation | None:
    """Return the installation; None before the database is made."""
    return db.session.scalar(select(Installation))


def make_installation() -> Installation:
    """Give the installation its id at its first migration; a no-op afterwards."""
    row = installation()
    if row is None:
        row = Installation(server_id=str(new_id()), epoch=str(new_id()))
        db.session.add(row)
        db.session.flush()
    return row
