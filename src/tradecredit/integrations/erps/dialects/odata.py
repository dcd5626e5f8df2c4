"""SAP OData V2: Basic sign-in, ``{"d": {"results": […]}}``, a token against forged requests before anything is written."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from tradecredit.core.kernel import limit as tagged
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken


class OData:
    """Speaks to one OData service."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._service = settings.option("service")

    def check(self) -> str:
        """Ask for the service document."""
        self._settings.line.get(f"{self._service}/", headers=self._headers(), query={"$format": "json"})
        return self._service.rstrip("/").rsplit("/", 1)[-1]

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window, or all of them where the service keeps no day of change."""
        found = list(entity.filter)
        if entity.changed and position.since is not None:
            found.append(f"{entity.changed} ge {_moment(position.since)}")
        if entity.changed and position.until is not None:
            found.append(f"{entity.changed} lt {_moment(position.until)}")
        return self._page(entity, found, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        days = [
            f"{entity.day} ge datetime'{begins.isoformat()}T00:00:00'",
            f"{entity.day} lt datetime'{ends.isoformat()}T00:00:00'",
        ]
        return self._page(entity, [*entity.filter, *days], after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Block the credit account or let it go, and set its limit."""
        key = (
            f"BusinessPartner='{_quoted(standing.customer_code)}',"
            f"CreditSegment='{_quoted(self._settings.settings['credit_segment'])}'"
        )
        values: dict[str, Any] = {"CreditAccountIsBlocked": standing.is_held}
        if isinstance(standing.limit, tagged.Amount):
            # Amounts are texts in this service.
            values["CreditLimitAmount"] = standing.limit.money.text()
        path = f"{self._service}/CreditManagementAccount({quote(key, safe='=,')})"
        self._settings.line.change("PATCH", path, values, headers=self._trusted())

    def _page(self, entity: Entity, conditions: list[str], *, after: str, most: int) -> Spoken:
        if after:
            conditions = [*conditions, f"{entity.key} gt '{_quoted(after)}'"]
        query = {
            "$format": "json",
            "$select": ",".join(entity.names()),
            "$orderby": f"{entity.key} asc",
            "$top": str(most),
        }
        if conditions:
            query["$filter"] = " and ".join(conditions)
        answer = self._settings.line.get(
            f"{self._service}/{entity.entity}", headers=self._headers(), query=query
        )
        inner = answer.get("d") if isinstance(answer, dict) else None
        records = inner.get("results") if isinstance(inner, dict) else None
        if not isinstance(records, list):
            raise lines.unreadable("d.results")
        return speaking.spoken(records, key=entity.key, most=most)

    def _trusted(self) -> Mapping[str, str]:
        """Return headers with the token and cookies that the service wants for a change."""
        answered = self._settings.line.headers_of(
            f"{self._service}/", headers={**self._headers(), "x-csrf-token": "fetch"}
        )
        token = answered.get("x-csrf-token", "")
        if not token:
            raise lines.unreadable("x-csrf-token")
        cookie = answered.get("set-cookie", "").partition(";")[0]
        return {**self._headers(), "x-csrf-token": token, **({"Cookie": cookie} if cookie else {})}

    def _headers(self) -> dict[str, str]:
        secrets = self._settings.secrets
        pair = f"{secrets['USER'].reveal()}:{secrets['PASSWORD'].reveal()}".encode()
        return {"Authorization": "Basic " + base64.b64encode(pair).decode()}


def _moment(moment: Any) -> str:
    return f"datetime'{speaking.moment_text(moment, pattern='%Y-%m-%dT%H:%M:%S')}'"


def _quoted(text: str) -> str:
    return text.replace("'", "''")
