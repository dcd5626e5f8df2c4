"""Write what the fake knows in the shape that each provider documents."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from tradecredit.core.dossier.bureau.schema import KINDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.integrations.bureaus.descriptions import Description, Report
    from tradecredit.integrations.bureaus.fake.world import Item

_SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_WAN: Final = 10_000


def envelope(
    description: Description,
    report: Report,
    *,
    code: str,
    items: Sequence[Item] = (),
    total: int = 0,
    page: int = 1,
) -> dict[str, Any]:
    """Return a whole answer: code, message and, where it is one, the result."""
    known = description.codes.get(code)
    answer: dict[str, Any] = {
        description.code: int(code) if description.name == "tianyancha" else code,
        description.message: known.words.zh if known else "",
        description.result: None,
    }
    if known is None or known.act.value != "done":
        return answer
    shaped = [_item(description, report, item) for item in items]
    if KINDS[report.kind].is_single:
        answer[description.result] = shaped[0] if shaped else None
        return answer
    result: dict[str, Any] = {}
    _put(result, report.items, shaped)
    if description.name == "qichacha":
        result["VerifyResult"] = int(bool(shaped))
    if description.paging.is_total_in_envelope:
        answer["Paging"] = {"PageSize": description.paging.size_max, "PageIndex": page, "TotalRecords": total}
        answer["OrderNumber"] = "FAKE0000000000000001"
    else:
        result[description.paging.total] = total
    answer[description.result] = result
    return answer


def _item(description: Description, report: Report, item: Item) -> dict[str, Any]:
    shaped: dict[str, Any] = {}
    for name, places in report.places.items():
        value = item.get(name.split("@")[0])
        if "@" in name or value is None or value in ("", []):
            continue
        _put(shaped, places[0], _value(description, value))
    return shaped


def _value(description: Description, value: Any) -> Any:
    if isinstance(value, Decimal):
        if value <= 1:
            return f"{value * 100:.2f}%"
        return f"{value / _WAN:f}万人民币" if value % _WAN == 0 else f"{value:f}"
    if isinstance(value, date):
        if description.name != "tianyancha":
            return value.isoformat()
        midnight = datetime(value.year, value.month, value.day, tzinfo=_SHANGHAI)
        return str(int(midnight.timestamp()) * 1000)
    if isinstance(value, list):
        return [{"Name": one} for one in value] if description.name == "qichacha" else ",".join(value)
    return value


def _put(target: dict[str, Any], path: str, value: Any) -> None:
    """Write a value at a path; a number in the path is a place in a list."""
    steps = path.split(".")
    here: Any = target
    for step, following in zip(steps, [*steps[1:], ""], strict=True):
        if step.isdecimal():
            while len(here) <= int(step):
                here.append({})
            key: Any = int(step)
        else:
            key = step
        if not following:
            here[key] = value
            return
        empty: Any = [] if following.isdecimal() else {}
        if step.isdecimal():
            here[key] = here[key] or empty
        else:
            here.setdefault(key, empty)
        here = here[key]
