"""Tryton: JSON-RPC with a session; decimals, days and moments as objects with a class name."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import limit as tagged
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken

_SCHEDULE: Final = "schedule"
_UNAUTHORIZED: Final = 401


class Tryton:
    """Speaks to one database of a Tryton server; the session is kept until the server forgets it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.option("endpoint", "/{database}/rpc/")
        self._session = ""
        self._context: dict[str, Any] = {}
        self._held_category = 0

    def check(self) -> str:
        """Sign in and return the user's name."""
        self._sign_in()
        return str(self._settings.secrets["USER"].reveal())

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window."""
        domain = [*entity.filter, *_window(position)]
        if position.after:
            domain.append(["id", ">", int(position.after)])
        return self._page(entity, domain, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        domain = [*entity.filter, [entity.day, ">=", begins], [entity.day, "<", ends]]
        if after:
            domain.append(["id", ">", int(after)])
        return self._page(entity, domain, most=most)

    def write(self, standing: Standing) -> None:
        """Set the credit limit; a held customer's is zero, and it carries the category of held customers."""
        parties = self._call("model.party.party.search", [["code", "=", standing.customer_code]], 0, 1, None)
        if not parties:
            raise lines.refused(f"party {standing.customer_code}?")
        values: dict[str, Any] = {}
        category = self._category()
        values["categories"] = [["add" if standing.is_held else "remove", [category]]]
        if standing.is_held:
            values["credit_limit_amount"] = Decimal(0)
        elif isinstance(standing.limit, tagged.Amount):
            values["credit_limit_amount"] = standing.limit.money.amount
        else:
            # No line of ours: the party's own limit, or none, is what holds again.
            values["credit_limit_amount"] = None
        self._call("model.party.party.write", parties, values)

    def _category(self) -> int:
        if not self._held_category:
            name = self._settings.option("held_category", "Credit hold")
            found = self._call("model.party.category.search", [["name", "=", name]], 0, 1, None)
            found = found or self._call("model.party.category.create", [{"name": name}])
            self._held_category = int(found[0])
        return self._held_category

    def _page(self, entity: Entity, domain: list[Any], *, most: int) -> Spoken:
        names = sorted(
            {
                _asked(place.path)
                for ones in entity.fields.values()
                for place in ones
                if place.path and place.path[0] != _SCHEDULE
            }
        )
        records = self._call(
            f"model.{entity.entity}.search_read",
            domain,
            0,
            most,
            [["id", "ASC"]],
            [*names, *self._extra(entity)],
        )
        if not isinstance(records, list):
            raise lines.unreadable("search_read")
        if any(_SCHEDULE in place.path for ones in entity.fields.values() for place in ones):
            self._schedule(records)
        return speaking.spoken(records, key="id", most=most)

    @staticmethod
    def _extra(entity: Entity) -> list[str]:
        return ["lines_to_pay"] if _SCHEDULE in str(entity.fields.get("instalments", "")) else []

    def _schedule(self, records: Sequence[dict[str, Any]]) -> None:
        """Give each invoice the days and amounts of its lines to pay, all of them asked for at once."""
        ids = sorted({one for record in records for one in record.get("lines_to_pay") or ()})
        if not ids:
            return
        found = {
            line["id"]: line
            for line in self._call(
                "model.account.move.line.read",
                ids,
                ["maturity_date", "debit", "credit", "amount_second_currency"],
            )
        }
        for record in records:
            parts = [_instalment(found[one]) for one in record.get("lines_to_pay") or () if one in found]
            if all(parts):
                record[_SCHEDULE] = ";".join(sorted(parts))

    def _call(self, method: str, *params: Any) -> Any:
        if not self._session:
            self._sign_in()
        try:
            return self._send(method, [*params, self._context])
        except UnableToReachSourceError as error:
            if not _is_forgotten(error):
                raise
            # The server has forgotten the session: sign in again and ask the same once more.
            self._sign_in()
            return self._send(method, [*params, self._context])

    def _sign_in(self) -> None:
        secrets = self._settings.secrets
        user = secrets["USER"].reveal()
        self._session = ""
        found = self._send("common.db.login", [user, {"password": secrets["PASSWORD"].reveal()}, "en"])
        if not (isinstance(found, list) and len(found) > 1):
            raise lines.denied()
        token = f"{user}:{found[0]}:{found[1]}".encode()
        self._session = "Session " + base64.b64encode(token).decode()
        self._context = self._send("model.res.user.get_preferences", [True, {}]) or {}

    def _send(self, method: str, params: list[Any]) -> Any:
        headers = {"Authorization": self._session} if self._session else {}
        reads = method.rsplit(".", 1)[-1] not in ("write", "create")
        answer = self._settings.line.post(
            self._path,
            {"id": 0, "method": method, "params": _encoded(params)},
            headers=headers,
            is_reading=reads,
        )
        if not isinstance(answer, dict) or not {"result", "error"} & answer.keys():
            raise lines.unreadable("result")
        if answer.get("error"):
            raise lines.refused(
                str(answer["error"][0] if isinstance(answer["error"], list) else answer["error"])
            )
        return _decoded(answer.get("result"))


def _is_forgotten(error: UnableToReachSourceError) -> bool:
    return bool(error.words.en == lines.DENIED.filled(status=_UNAUTHORIZED).en)


def _asked(path: tuple[str, ...]) -> str:
    """Return the name to ask for: ``party.code`` for what comes back as ``{"party.": {"code": …}}``."""
    return "".join(path)


def _window(position: Position) -> list[Any]:
    found: list[Any] = []
    if position.since is not None:
        found.append(_stamped(">=", position.since))
    if position.until is not None:
        found.append(_stamped("<", position.until))
    return found


def _stamped(operator: str, moment: datetime) -> list[Any]:
    """Return the condition on the last change, which is the creation where nothing was changed since."""
    plain = moment.astimezone(UTC).replace(tzinfo=None)
    return [
        "OR",
        ["write_date", operator, plain],
        [["write_date", "=", None], ["create_date", operator, plain]],
    ]


def _instalment(line: Mapping[str, Any]) -> str:
    day, debit = line.get("maturity_date"), line.get("debit")
    second = line.get("amount_second_currency")
    amount = abs(second) if isinstance(second, Decimal) and second else debit
    return f"{day.isoformat()}:{amount:f}" if isinstance(day, date) and isinstance(amount, Decimal) else ""


def _encoded(value: Any) -> Any:
    match value:
        case datetime():
            return {
                "__class__": "datetime",
                "year": value.year,
                "month": value.month,
                "day": value.day,
                "hour": value.hour,
                "minute": value.minute,
                "second": value.second,
                "microsecond": value.microsecond,
            }
        case date():
            return {"__class__": "date", "year": value.year, "month": value.month, "day": value.day}
        case Decimal():
            return {"__class__": "Decimal", "decimal": f"{value:f}"}
        case list() | tuple():
            return [_encoded(item) for item in value]
        case dict():
            return {key: _encoded(item) for key, item in value.items()}
        case _:
            return value


def _decoded(value: Any) -> Any:
    match value:
        case {"__class__": "Decimal"}:
            return Decimal(value["decimal"])
        case {"__class__": "date"}:
            return date(value["year"], value["month"], value["day"])
        case {"__class__": "datetime"}:
            return datetime(
                *(
                    value["year"],
                    value["month"],
                    value["day"],
                    value["hour"],
                    value["minute"],
                    value["second"],
                ),
                tzinfo=UTC,
            ) + timedelta(microseconds=value["microsecond"])
        case list():
            return [_decoded(item) for item in value]
        case dict():
            return {key: _decoded(item) for key, item in value.items()}
        case _:
            return value
