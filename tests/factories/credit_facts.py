"""Facts of a check, without a database: a customer with a line of 500,000 and 416,000 of exposure."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from typing import Any

import tradecredit
from tradecredit.core.approvals import authority
from tradecredit.core.decisions import policy
from tradecredit.core.decisions.facts import (
    ControlPoint,
    CreditFacts,
    CustomerFacts,
    LineFacts,
    OpenItem,
    RatingFacts,
    ReceivableFacts,
    RequestFacts,
    WatchFacts,
)
from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.plumbing import yaml_texts

DAY = date(2026, 3, 2)
PACKS = Path(tradecredit.__file__).parent / "policies"


def cny(amount: str) -> Money:
    return Money.of(amount, "CNY")


def section(pack: str, name: str) -> dict[str, Any]:
    return yaml_texts.read((PACKS / pack / f"{name}.yaml").read_text(encoding="utf-8"))


def order_control(pack: str = "five-pillars") -> policy.OrderControl:
    models = {path.stem: path.read_text(encoding="utf-8") for path in (PACKS / pack / "tables").glob("*.dmn")}
    return policy.parse(section(pack, "order_control"), models=models)


def authority_of(pack: str = "five-pillars") -> authority.Authority:
    return authority.parse(section(pack, "authority"))


def request(**fields: Any) -> RequestFacts:
    values: dict[str, Any] = {
        "company": "DEMO",
        "reference": "SO-2001",
        "control_point": ControlPoint.ORDER,
        "amount": cny("120000.00"),
        "requested_on": DAY,
    }
    return RequestFacts(**{**values, **fields})


def item(reference: str, amount: str, *, days: int, disputed: bool = False) -> OpenItem:
    return OpenItem(
        reference=reference,
        due_date=date.fromordinal(DAY.toordinal() - days),
        days_overdue=days,
        open_amount=cny(amount),
        disputed=disputed,
    )


def receivables(*items: OpenItem, open_amount: str = "400000.00") -> ReceivableFacts:
    overdue = [one for one in items if one.is_overdue]
    return ReceivableFacts(
        open_amount=cny(open_amount),
        open_count=len(items),
        overdue_amount=sum((one.open_amount for one in overdue[1:]), overdue[0].open_amount)
        if overdue
        else cny("0"),
        overdue_count=len(overdue),
        overdue_days_max=max((one.days_overdue for one in overdue), default=0),
        oldest_open_days=60,
        items=items,
    )


def credit_facts(**fields: Any) -> CreditFacts:
    """A rated trading customer that pays in time; the order of 120,000 lacks 36,000 of room."""
    values: dict[str, Any] = {
        "request": request(),
        "customer": CustomerFacts(code="C001", name="示例五金甲有限公司", lifecycle="trading"),
        "line": LineFacts(
            limit=Amount(cny("500000.00")), validity=Validity(date(2026, 1, 1), date(2027, 1, 1)), days=60
        ),
        "exposure": components.of({"billed": "400000.00", "ordered": "16000.00"}, "CNY"),
        "own": components.none_in("CNY"),
        "receivables": receivables(
            item("INV-1001", "318000.00", days=-20), item("INV-1042", "82000.00", days=-5)
        ),
        "rating": RatingFacts(grade="B", rated_on=date(2026, 2, 1)),
        "watch": WatchFacts(),
    }
    return CreditFacts(**{**values, **fields})


def asking(facts: CreditFacts, amount: str, **fields: Any) -> CreditFacts:
    """The same facts for another amount (and other request fields)."""
    return dataclasses.replace(
        facts, request=dataclasses.replace(facts.request, amount=cny(amount), **fields)
    )
