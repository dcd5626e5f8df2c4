"""Any system with lists over HTTP: the connection's description names paths, parameters and where things stand."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel import limit as tagged
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps import records
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken


class Rest:
    """Speaks to one described interface with a bearer token."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self) -> str:
        """Ask for one record of the first kind that is described."""
        entity = next(iter(self._settings.description.entities.values()))
        self._page(entity, {}, after="", most=1)
        return self._settings.settings["base_url"]

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window."""
        query: dict[str, str] = {}
        if position.since is not None:
            query[self._named("changed_from")] = position.since.astimezone(UTC).isoformat()
        if position.until is not None:
            query[self._named("changed_to")] = position.until.astimezone(UTC).isoformat()
        return self._page(entity, query, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        days = {self._named("day_from"): begins.isoformat(), self._named("day_to"): ends.isoformat()}
        return self._page(entity, days, after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Send the standing to the address that the description names."""
        path = self._settings.option("standings")
        if not path:
            raise lines.refused("options.standings?")
        body = {
            **standing.content(),
            "limit": tagged.text(standing.limit),
        }
        self._settings.line.change("PUT", f"{path}/{standing.customer_code}", body, headers=self._headers())

    def _page(self, entity: Entity, query: dict[str, str], *, after: str, most: int) -> Spoken:
        asked = {**dict(entity.filter or {}), **query, self._named("size"): str(most)}
        if after:
            asked[self._named("after")] = after
        answer = self._settings.line.get(entity.entity, headers=self._headers(), query=asked)
        path = tuple(self._settings.option("items", "items").split("/"))
        found: Any = answer if path == ("",) else records.at(answer, path)
        if not isinstance(found, list):
            raise lines.unreadable("/".join(path))
        return speaking.spoken(found, key=entity.key, most=most)

    def _named(self, name: str) -> str:
        return self._settings.option(name, name)

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._settings.secrets['TOKEN'].reveal()}"}
