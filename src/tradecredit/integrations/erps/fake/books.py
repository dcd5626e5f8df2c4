"""The books of the fake as one system shows them, with its sessions and what it was told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.integrations.erps import descriptions
from tradecredit.integrations.erps.fake import shapes

if TYPE_CHECKING:
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.fake.world import World


class Books:
    """A world in the shape of one described system."""

    def __init__(self, system: str, world: World) -> None:
        self.system = system
        self.world = world
        self.description = descriptions.load(system)
        self._sessions = 0

    def records(self, entity: Entity) -> list[dict[str, Any]]:
        """Return the records of an entity as the system writes them."""
        return [
            shapes.rendered(entity, entry, system=self.description.dialect)
            for entry in self.world.of(entity.kind)
        ]

    def entity(self, name: str, *, is_credit: bool) -> Entity:
        """Return the entity of a name; red documents lie in the same list as the others in most systems."""
        found = [one for one in self.description.entities.values() if one.entity == name]
        return next((one for one in found if (one.kind == "credit-notes") == is_credit), found[0])

    def told(self, customer: str, **values: Any) -> None:
        """Keep what was written about a customer."""
        self.world.told.setdefault(customer, {}).update(values)

    def fresh_session(self) -> str:
        """Return a new session; the former one is forgotten."""
        self._sessions += 1
        return f"session-{self._sessions}"

    def forget_sessions(self) -> None:
        """Let every session run out, as servers do overnight."""
        self._sessions += 1

    def is_session(self, text: str) -> bool:
        """Tell whether it is the session in force."""
        return bool(text) and text == f"session-{self._sessions}"

    def page(self, records: list[dict[str, Any]], most: int) -> list[Any]:
        """Return the first records, ready for JSON."""
        return [shapes.plain(one, system=self.description.dialect) for one in records[:most]]
