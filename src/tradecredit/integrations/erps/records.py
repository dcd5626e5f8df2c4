"""Make rows of another system's records: values found at their places and read exactly, or a sentence why they cannot be."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.dossier.bureau import values
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.sources.tallies import Document
from tradecredit.flows.imports.incoming import IncomingRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.flows.imports.incoming import Value
    from tradecredit.integrations.erps.descriptions import Entity, Place

_DAYS: Final = frozenset({"invoice_date", "due_date", "date", "payment_date", "customer_since"})
_WIRE_MOMENT: Final = re.compile(r"/Date\((-?\d+)(?:[+-]\d+)?\)/")
_CODE_LENGTH: Final = 3
# The number, the day and what else a row of the kind cannot do without.
NUMBERS: Final = {
    "customers": "customer_code",
    "invoices": "invoice_number",
    "credit-notes": "credit_note_number",
    "payments": "payment_number",
}
DAYS: Final = {"invoices": "invoice_date", "credit-notes": "date", "payments": "payment_date"}
_NEEDED: Final = {
    "customers": ("customer_code", "customer_name"),
    "invoices": ("invoice_number", "customer_code", "invoice_date", "amount"),
    "credit-notes": ("credit_note_number", "customer_code", "date", "amount"),
    "payments": ("payment_number", "customer_code", "payment_date", "amount"),
}
_MISSING: Final = Words(zh="对方记录缺少 {name}", en="the record there has no {name}")
_UNREADABLE: Final = Words(zh="{name} 的值无法识别：{value}", en="{name} cannot be read: {value}")


class UnreadableRecordError(Exception):
    """A record cannot be made a row; ``number`` names it as well as it can be named."""

    def __init__(self, number: str, words: Words) -> None:
        super().__init__(words.en)
        self.number = number
        self.words = words


def row_of(entity: Entity, record: Mapping[str, Any], *, place: int) -> IncomingRow:
    """Return the row of a record; raises UnreadableRecordError."""
    number = str(_found(record, entity.fields.get(NUMBERS[entity.kind], ())) or record.get(entity.key, "?"))
    values_found: dict[str, Value] = {}
    for name, places in entity.fields.items():
        raw = _found(record, places)
        if raw in (None, "", False):
            continue
        try:
            value = _read(name, raw)
        except (ValueError, InvalidOperation) as error:
            words = _UNREADABLE.filled(name=name, value=str(raw)[:60].replace("{", "(").replace("}", ")"))
            raise UnreadableRecordError(number, words) from error
        if value not in (None, ""):
            values_found[name] = value
    for name in _NEEDED[entity.kind]:
        if name not in values_found:
            raise UnreadableRecordError(number, _MISSING.filled(name=name))
    return IncomingRow(row=place, values=values_found)


def document_of(entity: Entity, record: Mapping[str, Any]) -> Document:
    """Return as much of a record as both sides are compared by, an unsaid currency empty; raises UnreadableRecordError."""
    row = row_of(entity, record, place=1)
    day = row.day(DAYS[entity.kind])
    amount = row.amount("amount")
    assert day is not None, "row_of needs it"  # noqa: S101 -- cannot happen
    assert amount is not None, "row_of needs it"  # noqa: S101 -- cannot happen
    return Document(
        number=row.text(NUMBERS[entity.kind]),
        day=day,
        currency=row.text("currency"),
        amount=abs(amount) if entity.kind == "credit-notes" else amount,
    )


def _found(record: Mapping[str, Any], places: tuple[Place, ...]) -> Any:
    for place in places:
        found = place.constant or at(record, place.path)
        if found not in (None, "", False):
            return found
    return None


def at(record: Any, path: tuple[str, ...]) -> Any:
    """Return what stands at a path of names and positions, or None."""
    found = record
    for step in path:
        if isinstance(found, dict):
            found = found.get(step)
        elif isinstance(found, list) and step.isdecimal():
            found = found[int(step)] if int(step) < len(found) else None
        else:
            return None
    return found


def _read(name: str, raw: Any) -> Value | None:
    if name in _DAYS:
        return _day(raw)
    if name == "amount":
        return exact(raw)
    if name == "terms_days":
        return values.whole(raw)
    if name == "currency":
        return _currency(values.text(raw))
    return values.text(raw)


def _currency(text: str) -> str:
    """Return the code of a currency that some systems call by its name (美元)."""
    if not text or (text.isascii() and len(text) == _CODE_LENGTH):
        return text.upper()
    named = values.amount(f"1{text}")
    return named.currency if named else text


def day_of(raw: Any) -> date | None:
    """Return the day that a value says; None where it says none."""
    try:
        return _day(raw)
    except ValueError:
        return None


def _day(raw: Any) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    if isinstance(raw, date):
        return raw
    wire = _WIRE_MOMENT.fullmatch(str(raw))
    if wire:
        # OData writes days as midnight UTC.
        return datetime.fromtimestamp(int(wire[1]) // 1000, tz=UTC).date()
    return values.day(raw)


def exact(raw: Any) -> Decimal:
    """Return an amount exactly as it was sent; raises ValueError for a number that went through binary fractions."""
    if isinstance(raw, bool | float):
        raise ValueError("no exact number")  # noqa: TRY004 - its value is wrong, as text would be
    found = Decimal(str(raw).replace(",", "").strip())
    if not found.is_finite():
        raise ValueError("no number")
    return found
