"""Odoo: JSON-RPC with the password in every call; relations come as ``[id, name]``, what is empty as ``false``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel import limit as tagged
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken


class Odoo:
    """Speaks to one database of an Odoo server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._database = settings.settings["database"]
        self._user_id = 0

    def check(self) -> str:
        """Sign in and return the user's number."""
        self._user_id = 0
        return f"uid {self._signed_in()}"

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window."""
        domain = list(entity.filter)
        if position.since is not None:
            domain.append([entity.changed, ">=", speaking.moment_text(position.since)])
        if position.until is not None:
            domain.append([entity.changed, "<", speaking.moment_text(position.until)])
        return self._page(entity, domain, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        days = [[entity.day, ">=", begins.isoformat()], [entity.day, "<", ends.isoformat()]]
        return self._page(entity, [*entity.filter, *days], after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Set the partner's own limit; a held customer's is zero and its degree of trust is bad."""
        partners = self._execute("res.partner", "search", [[["id", "=", int(standing.customer_code)]]], {})
        if not partners:
            raise lines.refused(f"res.partner {standing.customer_code}?")
        values: dict[str, Any] = {"trust": "bad" if standing.is_held else "normal"}
        if standing.is_held:
            values |= {"use_partner_credit_limit": True, "credit_limit": 0}
        elif isinstance(standing.limit, tagged.Amount):
            # The interface takes JSON numbers only; Odoo keeps the field as one, too.
            values |= {
                "use_partner_credit_limit": True,
                "credit_limit": float(standing.limit.money.amount),
            }
        else:
            values["use_partner_credit_limit"] = False
        self._execute("res.partner", "write", [partners, values], {}, is_reading=False)

    def _page(self, entity: Entity, domain: list[Any], *, after: str, most: int) -> Spoken:
        if after:
            domain = [*domain, ["id", ">", int(after)]]
        records = self._execute(
            entity.entity,
            "search_read",
            [domain],
            {"fields": list(entity.names()), "limit": most, "order": "id asc"},
        )
        if not isinstance(records, list):
            raise lines.unreadable("search_read")
        return speaking.spoken(records, key="id", most=most)

    def _execute(
        self,
        model: str,
        method: str,
        arguments: list[Any],
        options: dict[str, Any],
        *,
        is_reading: bool = True,
    ) -> Any:
        user_id = self._signed_in()
        password = self._settings.secrets["PASSWORD"].reveal()
        return self._call(
            "object",
            "execute_kw",
            [self._database, user_id, password, model, method, arguments, options],
            is_reading=is_reading,
        )

    def _signed_in(self) -> int:
        if not self._user_id:
            secrets = self._settings.secrets
            found = self._call(
                "common",
                "authenticate",
                [self._database, secrets["USER"].reveal(), secrets["PASSWORD"].reveal(), {}],
            )
            if not isinstance(found, int) or not found:
                raise lines.denied()
            self._user_id = found
        return self._user_id

    def _call(self, service: str, method: str, arguments: list[Any], *, is_reading: bool = True) -> Any:
        answer = self._settings.line.post(
            "/jsonrpc",
            {
                "jsonrpc": "2.0",
                "id": 1,
                "method": "call",
                "params": {"service": service, "method": method, "args": arguments},
            },
            headers={},
            is_reading=is_reading,
        )
        if not isinstance(answer, dict) or not {"result", "error"} & answer.keys():
            raise lines.unreadable("result")
        if answer.get("error"):
            error = answer["error"]
            data = error.get("data") if isinstance(error, dict) else None
            told = (data or {}).get("message") if isinstance(data, dict) else None
            raise lines.refused(str(told or (error.get("message") if isinstance(error, dict) else error)))
        return answer.get("result")
