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
from tradecredit.integrations.erps.dialects import speaking
from tradecredit.integrations.erps.dialects.speaking import Spoken

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.sources.positions import Position
    from tradecredit.core.sources.standings import Standing
    from tradecredit.integrations.erps.descriptions import Entity
    from tradecredit.integrations.erps.dialects.speaking import Settings

_OK: Final = "200"
_SIGN_IN: Final = "/iuap-api-auth/open-auth/selfAppAuth/getAccessToken"
_MILLISECONDS: Final = 1000
_PAGE_MAX: Final = 500


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
        """Return the next page of what was changed in the window."""
        query: dict[str, Any] = {}
        begins, ends = entity.options.get("changed_from"), entity.options.get("changed_to")
        zone = ZoneInfo(self._settings.option("time_zone", "Asia/Shanghai"))
        if begins and position.since is not None:
            query[str(begins)] = speaking.moment_text(position.since.astimezone(zone))
        if ends and position.until is not None:
            query[str(ends)] = speaking.moment_text(position.until.astimezone(zone))
        return self._page(entity, query, after=position.after, most=most)

    def dated(self, entity: Entity, *, begins: date, ends: date, after: str, most: int) -> Spoken:
        """Return the next page of the days; the list's own end of the days is included, so the rest is left out."""
        query = {
            str(entity.options["day_from"]): f"{begins.isoformat()} 00:00:00",
            str(entity.options["day_to"]): f"{ends.isoformat()} 00:00:00",
        }
        page = self._page(entity, query, after=after, most=most)
        kept = [one for one in page.records if str(one.get(entity.day, ""))[:10] < ends.isoformat()]
        return Spoken(records=kept, latest_key=page.latest_key, is_last=page.is_last)

    def write(self, standing: Standing) -> None:
        """Refuse: credit is changed by an approval of its own there."""
        raise UnableToReachSourceError(
            Words(zh=f"用友 YonBIP 不支持回写({standing.customer_code})。", en="YonBIP cannot be written to.")
        )

    def _page(self, entity: Entity, query: dict[str, Any], *, after: str, most: int) -> Spoken:
        number = int(after or "0") + 1
        answer = self._settings.line.post(
            entity.entity,
            {**dict(entity.filter or {}), **query, "pageIndex": number, "pageSize": min(most, _PAGE_MAX)},
            headers={},
            query={"access_token": self._signed_in()},
        )
        if not isinstance(answer, dict) or "code" not in answer:
            raise lines.unreadable("code")
        if str(answer["code"]) != _OK:
            self._token = ""
            raise lines.refused(f"{answer['code']} {answer.get('message', '')}")
        data = answer.get("data") or {}
        records = data.get("recordList") if isinstance(data, dict) else None
        if records is None:
            records = []
        if not isinstance(records, list):
            raise lines.unreadable("recordList")
        pages = int(str(data.get("pageCount") or 0))
        return Spoken(records=records, latest_key=str(number), is_last=number >= pages)

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
