"""Number series without gaps: given by the one who writes, in the transaction of what it numbers."""

import uuid
from typing import cast

from sqlalchemy import Uuid, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import Mapped, mapped_column

from .db import Model, db


class Series(Model):
    """The last number given in one scope."""

    __tablename__ = "series"

    scope_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    municipality_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    last: Mapped[int] = mapped_column(default=0)


def next_number(municipality_id: uuid.UUID, scope_id: uuid.UUID, name: str) -> int:
    """Return the next number in the scope (a walk's observations, a municipality's actions). Takes a row lock."""
    insert = sqlite_insert if db.engine.dialect.name == "sqlite" else postgresql_insert
    values = {"scope_id": scope_id, "name": name, "municipality_id": municipality_id, "last": 0}
    db.session.execute(insert(Series).values(**values).on_conflict_do_nothing())
    mine = (Series.scope_id == scope_id, Series.name == name)
    given = db.session.scalar(update(Series).where(*mine).values(last=Series.last + 1).returning(Series.last))
    return cast("int", given)
