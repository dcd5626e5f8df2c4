"""金蝶云星空: ExecuteBillQuery answers arrays in the order of the fields asked for; sessions run out and are renewed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps.dialects import speaking

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings, Spoken

_SERVICES: Final = "/Kingdee.BOS.WebApi.ServicesStub."
_LOGIN: Final = f"{_SERVICES}AuthService.ValidateUser.common.kdsvc"
_QUERY: Final = f"{_SERVICES}DynamicFormService.ExecuteBillQuery.common.kdsvc"
# Some clients see -5 where the licence is about to end: the session is good.
_SIGNED_IN: Final = (1, -5)
_LOST: Final = ("会话信息已丢失", "SESSION_EXPIRED", "session")
_SIMPLIFIED_CHINESE: Final = 2052


class Kingdee:
    """Speaks to one account set of a K3 Cloud server."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._session = ""

    def check(self) -> str:
        """Sign in and return the user's name."""
        self._sign_in()
        return str(self._settings.secrets["USER"].reveal())

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return the next records of the window."""
        conditions = list(entity.filter)
        # Kingdee keeps local moments; the zone of the server is the account set's.
        if position.since is not None:
            conditions.append(f"{entity.changed} >= '{self._local(position.since)}'")
        if position.until is not None:
            conditions.append(f"{entity.changed} < '{self._local(position.until)}'")
        return self._page(entity, conditions, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next records of the days."""
        days = [f"{entity.day} >= '{begins.isoformat()}'", f"{entity.day} < '{ends.isoformat()}'"]
        return self._page(entity, [*entity.filter, *days], after=after, most=most)

    def write(self, standing: Standing) -> None:
        """Refuse: which documents change credit archives is different in every account set."""
        raise UnableToReachSourceError(
            Words(
                zh=f"金蝶云星空不支持回写（{standing.customer_code}）。", en="K3 Cloud cannot be written to."
            )
        )

    def _local(self, moment: Any) -> str:
        zone = ZoneInfo(self._settings.option("time_zone", "Asia/Shanghai"))
        return speaking.moment_text(moment.astimezone(zone))

    def _page(self, entity: Entity, conditions: list[str], *, after: str, most: int) -> Spoken:
        if after:
            conditions = [*conditions, f"{entity.key} > {int(after)}"]
        names = [entity.key, *(name for name in entity.names() if name != entity.key)]
        query = {
            "FormId": entity.entity,
            "FieldKeys": ",".join(names),
            "FilterString": " AND ".join(conditions),
            "OrderString": f"{entity.key} ASC",
            "TopRowCount": 0,
            "StartRow": 0,
            "Limit": most,
            "SubSystemId": "",
        }
        rows = self._query(query)
        records: dict[str, Mapping[str, Any]] = {}
        for row in rows:
            if not isinstance(row, list) or len(row) != len(names):
                raise lines.unreadable("ExecuteBillQuery")
            # A bill with several entries comes once an entry: its head counts once.
            records.setdefault(str(row[0]), dict(zip(names, row, strict=True)))
        found = speaking.spoken(list(records.values()), key=entity.key, most=most)
        return speaking.Spoken(records=found.records, latest_key=found.latest_key, is_last=len(rows) < most)

    def _query(self, query: dict[str, Any]) -> list[Any]:
        if not self._session:
            self._sign_in()
        rows = self._asked(query)
        message = _error_of(rows)
        if message and any(mark in message for mark in _LOST):
            self._sign_in()
            rows = self._asked(query)
            message = _error_of(rows)
        if message:
            raise lines.refused(message)
        return rows

    def _asked(self, query: dict[str, Any]) -> list[Any]:
        answer = self._settings.line.post(
            _QUERY, {"data": query}, headers={"kdservice-sessionid": self._session}
        )
        if not isinstance(answer, list):
            raise lines.unreadable("ExecuteBillQuery")
        return answer

    def _sign_in(self) -> None:
        secrets = self._settings.secrets
        answer = self._settings.line.post(
            _LOGIN,
            {
                "acctID": self._settings.settings["account_set"],
                "username": secrets["USER"].reveal(),
                "password": secrets["PASSWORD"].reveal(),
                "lcid": _SIMPLIFIED_CHINESE,
            },
            headers={},
        )
        if not isinstance(answer, dict):
            raise lines.unreadable("ValidateUser")
        if answer.get("LoginResultType") not in _SIGNED_IN or not answer.get("KDSVCSessionId"):
            raise lines.denied()
        self._session = str(answer["KDSVCSessionId"])


def _error_of(rows: list[Any]) -> str:
    """Return the message of ``[[{"Result": {"ResponseStatus": …}}]]``, or nothing for rows."""
    first = rows[0] if rows else None
    inner = first[0] if isinstance(first, list) and first else None
    if not isinstance(inner, dict):
        return ""
    status = (inner.get("Result") or {}).get("ResponseStatus") or {}
    told = "; ".join(str(one.get("Message", "")) for one in status.get("Errors") or ())
    return told or str(status.get("ErrorCode") or "ExecuteBillQuery")
