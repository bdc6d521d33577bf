"""State machines as tables that can be read aloud."""

from collections.abc import Mapping
from typing import ClassVar

from sqlalchemy import String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from .errors import Conflict


class Machine:
    """One thing's states and the verbs that lead on: `{"draft": {"plan": "planned"}}`. The first is the start."""

    def __init__(self, name: str, table: Mapping[str, Mapping[str, str]]) -> None:
        unknown = {to for verbs in table.values() for to in verbs.values()} - set(table)
        if unknown:
            raise ValueError(f"{name}: no such states: {sorted(unknown)}")
        self.name = name
        self.table = table
        self.start = next(iter(table))

    @property
    def states(self) -> tuple[str, ...]:
        """Every state, in the order of the table."""
        return tuple(self.table)

    def verbs(self, state: str) -> tuple[str, ...]:
        """What can be done from this state: the page draws its buttons from it."""
        return tuple(self.table[state])

    def after(self, state: str, verb: str) -> str:
        """Return the state that `verb` leads to; refuse with `<name>.cannot_<verb>`."""
        try:
            return self.table[state][verb]
        except KeyError:
            raise Conflict(f"{self.name}.cannot_{verb}", state=state) from None


class Stateful:
    """A row with a state. `go` is the only setter."""

    machine: ClassVar[Machine]

    @declared_attr
    @classmethod
    def state(cls) -> Mapped[str]:
        """The column; a new row stands in the machine's first state."""
        return mapped_column(String, default=cls.machine.start, index=True)

    def go(self, verb: str) -> str:
        """Take the step, or refuse; return the new state."""
        after = self.machine.after(self.state or self.machine.start, verb)
        self.state = after
        return after

    def can(self, verb: str) -> bool:
        """Tell whether the table has this step from here."""
        return verb in self.machine.verbs(self.state)
