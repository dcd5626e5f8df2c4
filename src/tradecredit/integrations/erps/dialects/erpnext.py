"""ERPNext: REST resources with filters as JSON in the query, a token in the header, names as keys."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tradecredit.core.kernel import limit as tagged
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken


class ErpNext:
    """Speaks to one ERPNext site."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def check(self) -> str:
        """Ask whom the token belongs to."""
        answer = self._settings.line.get("/api/method/frappe.auth.get_logged_user", headers=self._headers())
        if not isinstance(answer, dict) or not answer.get("message"):
            raise lines.unreadable("message")
        return str(answer["message"])

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window."""
        filters = list(entity.filter)
        if position.since is not None:
            filters.append([entity.changed, ">=", speaking.moment_text(position.since)])
        if position.until is not None:
            filters.append([entity.changed, "<", speaking.moment_text(position.until)])
        return self._page(entity, filters, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        days = [[entity.day, ">=", begins.isoformat()], [entity.day, "<", ends.isoformat()]]
        return self._page(entity, [*entity.filter, *days], after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Freeze the customer or let it go, and set the line of the company that the connection names."""
        company = self._settings.settings["company"]
        values: dict[str, Any] = {"is_frozen": int(standing.is_held)}
        path = f"/api/resource/Customer/{quote(standing.customer_code, safe='')}"
        if isinstance(standing.limit, tagged.Amount):
            # Lines of other companies stay as they are: the table is replaced as a whole.
            known = self._settings.line.get(path, headers=self._headers())
            rows = (known.get("data") or {}).get("credit_limits") or []
            others = [row for row in rows if row.get("company") != company]
            values["credit_limits"] = [
                *others,
                {"company": company, "credit_limit": standing.limit.money.text()},
            ]
        self._settings.line.change("PUT", path, values, headers=self._headers())

    def _page(self, entity: Entity, filters: list[Any], *, after: str, most: int) -> Spoken:
        if after:
            filters = [*filters, [entity.key, ">", after]]
        answer = self._settings.line.get(
            f"/api/resource/{quote(entity.entity)}",
            headers=self._headers(),
            query={
                "fields": json.dumps(list(entity.names())),
                "filters": json.dumps(filters),
                "order_by": f"{entity.key} asc",
                "limit_start": "0",
                "limit_page_length": str(most),
            },
        )
        records = answer.get("data") if isinstance(answer, dict) else None
        if not isinstance(records, list):
            raise lines.unreadable("data")
        return speaking.spoken(records, key=entity.key, most=most)

    def _headers(self) -> dict[str, str]:
        secrets = self._settings.secrets
        return {"Authorization": f"token {secrets['KEY'].reveal()}:{secrets['SECRET'].reveal()}"}
