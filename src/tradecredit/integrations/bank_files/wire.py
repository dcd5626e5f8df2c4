"""Statements as JSON and back, for the way out of the child process; amounts travel as text."""

from __future__ import annotations

import dataclasses
import json
from datetime import date
from decimal import Decimal
from typing import Any

from tradecredit.core.cash_application.statements import Entry, Statement, StatementFile, StatementKind
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words


def dump(found: StatementFile) -> bytes:
    """Return the file's statements as JSON."""
    return json.dumps(_plain(found), ensure_ascii=True, separators=(",", ":")).encode()


def load(document: dict[str, Any]) -> StatementFile:
    """Return the statements that ``dump`` wrote; raises KeyError, TypeError or ValueError for anything else."""
    return StatementFile(
        format=document["format"],
        profile=document["profile"],
        statements=tuple(_statement(one) for one in document["statements"]),
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return [str(value.amount), value.currency]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, Decimal | date):
        return str(value)
    return value


def _statement(one: dict[str, Any]) -> Statement:
    return Statement(
        **{
            **one,
            "kind": StatementKind(one["kind"]),
            "opening": _money(one["opening"]),
            "closing": _money(one["closing"]),
            "opening_date": _day(one["opening_date"]),
            "closing_date": _day(one["closing_date"]),
            "entries": tuple(_entry(entry) for entry in one["entries"]),
            "stated_credit": _number(one["stated_credit"]),
            "stated_debit": _number(one["stated_debit"]),
            "notes": tuple(Words(**note) for note in one["notes"]),
        }
    )


def _entry(one: dict[str, Any]) -> Entry:
    return Entry(
        **{
            **one,
            "booking_date": date.fromisoformat(one["booking_date"]),
            "value_date": _day(one["value_date"]),
            "amount": Money(Decimal(one["amount"][0]), one["amount"][1]),
            "original": _money(one["original"]),
            "balance": _number(one["balance"]),
            "parts": tuple(_entry(part) for part in one["parts"]),
        }
    )


def _money(pair: list[str] | None) -> Money | None:
    return None if pair is None else Money(Decimal(pair[0]), pair[1])


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
