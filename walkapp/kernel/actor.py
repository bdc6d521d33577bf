"""Who acts: a person with roles, a phone on a walk, an owner's link, the public, or the house itself."""

from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID

Kind = Literal["person", "participant", "owner_link", "invitation", "public", "system"]


@dataclass(frozen=True)
class Role:
    """A role in a scope: the municipality alone, or one organisation, council or walk in it."""

    word: str
    organisation_id: UUID | None = None
    council_id: UUID | None = None
    walk_id: UUID | None = None


@dataclass(frozen=True)
class Actor:
    """Everything that a verb may know about who asks. Never a name or an address."""

    kind: Kind
    municipality_id: UUID | None
    id: UUID | None = None
    roles: frozenset[Role] = field(default_factory=frozenset)
    walk_id: UUID | None = None
    organisation_id: UUID | None = None
    language: str = "sv"

    def has(self, word: str) -> bool:
        """Tell whether this actor holds the role in any scope."""
        return any(role.word == word for role in self.roles)

    @property
    def role_word(self) -> str:
        """The word that the journal writes: a role, never a name."""
        order = ("coordinator", "secretary", "chair", "walk_leader", "agency_contact", "council_member")
        return next((word for word in (*order, "administrator", "archivist") if self.has(word)), self.kind)


PUBLIC = Actor(kind="public", municipality_id=None)


def house(municipality_id: UUID | None) -> Actor:
    """Return the house itself, acting for one municipality: jobs, and what follows by rule."""
    return Actor(kind="system", municipality_id=municipality_id)
