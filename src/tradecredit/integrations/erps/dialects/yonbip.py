"""用友 YonBIP: POSTed lists by page number, an access token in the query, ``code`` as a number or as a text."""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.sources.erps import UnableToReachSourceError
from tradecredit.integrations.erps import line as lines
from tradecredit.integrations.erps import records as row_values
from tradecredit.integrations.erps.dialects import speaking
from tradecredit.integrations.erps.dialects.speaking import Spoken

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings

_OK: Final = "200"
_SIGN_IN: Final = "/iuap-api-auth/open-auth/selfAppAuth/getAccessToken"
_MILLISECONDS: Final = 1000
_PAGE_SIZE: Final = 500
_PAGES_MAX: Final = 200


class YonBip:
    """Speaks to one tenant of YonBIP or YonSuite."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._token = ""

    def check(self) -> str:
        """Fetch a token."""
        self._token = ""
        self._signed_in()
        return self._settings.settings["base_url"]

    def changed(self, entity: Entity, *, position: Position, most: int) -> Spoken:
        """Return everything that was changed in the window: a bill's rows may lie on two pages, so all are read."""
        del most
        query: dict[str, Any] = {}
        begins, ends = entity.options.get("changed_from"), entity.options.get("changed_to")
        zone = ZoneInfo(self._settings.option("time_zone", "Asia/Shanghai"))
        if begins and position.since is not None:
            query[str(begins)] = speaking.moment_text(position.since.astimezone(zone))
        if ends and position.until is not None:
            query[str(ends)] = speaking.moment_text(position.until.astimezone(zone))
        return Spoken(records=self._bills(entity, query), latest_key="", is_last=True)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return everything of the days; the list's own end of the days is included, so the rest is left out."""
        del after, most
        query = {
            str(entity.options["day_from"]): f"{begins.isoformat()} 00:00:00",
            str(entity.options["day_to"]): f"{ends.isoformat()} 00:00:00",
        }
        bills = self._bills(entity, query)
        kept = [one for one in bills if str(one.get(entity.day, ""))[:10] < ends.isoformat()]
        return Spoken(records=kept, latest_key="", is_last=True)

    def write(self, standing: Standing) -> None:
        """Refuse: credit is changed by an approval of its own there."""
        raise UnableToReachSourceError(
            Words(
                zh=f"用友 YonBIP 不支持回写（{standing.customer_code}）。", en="YonBIP cannot be written to."
            )
        )

    def _bills(self, entity: Entity, query: dict[str, Any]) -> list[Mapping[str, Any]]:
        """Return one record a bill over all pages: its rows' amounts are summed, the rest is its first row's."""
        summed = str(entity.options.get("summed", ""))
        found: dict[str, dict[str, Any]] = {}
        for number in range(1, _PAGES_MAX + 1):
            records, pages = self._page(entity, query, number=number)
            for record in records:
                key = str(record.get(entity.key))
                first = found.get(key)
                if first is None:
                    found[key] = dict(record)
                elif summed:
                    first[summed] = row_values.exact(first[summed]) + row_values.exact(record[summed])
            if number >= pages:
                return list(found.values())
        raise lines.unreadable(f"more than {_PAGES_MAX} pages")

    def _page(
        self, entity: Entity, query: dict[str, Any], *, number: int
    ) -> tuple[list[dict[str, Any]], int]:
        asked = {**dict(entity.filter or {}), **query, "pageIndex": number, "pageSize": _PAGE_SIZE}
        token = {"access_token": self._signed_in()}
        answer = self._settings.line.post(entity.entity, asked, headers={}, query=token)
        if not isinstance(answer, dict) or "code" not in answer:
            raise lines.unreadable("code")
        if str(answer["code"]) != _OK:
            self._token = ""
            raise lines.refused(f"{answer['code']} {answer.get('message', '')}")
        data = answer.get("data") or {}
        records = data.get("recordList") or [] if isinstance(data, dict) else None
        if not isinstance(records, list):
            raise lines.unreadable("recordList")
        return records, int(str(data.get("pageCount") or 0))

    def _signed_in(self) -> str:
        """Return the token of a self-built application: its parameters signed with the application's secret."""
        if self._token:
            return self._token
        secrets = self._settings.secrets
        parameters = {
            "appKey": secrets["KEY"].reveal(),
            "timestamp": str(int(time.time() * _MILLISECONDS)),
        }
        sign = signature(parameters, secret=secrets["SECRET"].reveal())
        answer = self._settings.line.get(_SIGN_IN, headers={}, query={**parameters, "signature": sign})
        data = answer.get("data") if isinstance(answer, dict) else None
        token = data.get("access_token") if isinstance(data, dict) else None
        if not token:
            raise lines.denied()
        self._token = str(token)
        return self._token


def signature(parameters: dict[str, str], *, secret: str) -> str:
    """Return the HMAC-SHA256 of the parameters in the order of their names, as base64."""
    text = "".join(f"{name}{parameters[name]}" for name in sorted(parameters))
    return base64.b64encode(hmac.digest(secret.encode(), text.encode(), hashlib.sha256)).decode()
