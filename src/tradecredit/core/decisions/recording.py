"""Facts as a plain document and back: what was recorded is what is replayed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import outlook, releases, settings
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
from tradecredit.core.exposure import components, nodes
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.limit import Amount, Limit, NotSet, Unlimited
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT: Final = 1


def to_dict(facts: CreditFacts) -> dict[str, Any]:
    """Return the facts as texts, numbers and lists; `from_dict` gives the same facts again."""
    request, customer, line = facts.request, facts.customer, facts.line
    return {
        "format": FORMAT,
        "currency": facts.currency,
        "request": {
            "company": request.company,
            "reference": request.reference,
            "control_point": request.control_point.value,
            "amount": request.amount.text(),
            "requested_on": request.requested_on.isoformat(),
            "terms_days": request.terms_days,
            "prepaid": _money_text(request.prepaid),
            **({"document": request.document} if request.document else {}),
        },
        "customer": _customer_dict(customer),
        "line": {
            "limit": limits.text(line.limit),
            "validity": _validity_dict(line.validity),
            "days": line.days,
            "prepayment_share": None if line.prepayment_share is None else f"{line.prepayment_share:f}",
            "is_taken_over": line.is_taken_over,
            "temporary": _money_text(line.temporary),
            "temporary_validity": _validity_dict(line.temporary_validity),
        },
        "exposure": facts.exposure.as_dict(),
        "own": facts.own.as_dict(),
        "receivables": _receivables_dict(facts.receivables),
        "rating": {"grade": facts.rating.grade, "rated_on": _day_text(facts.rating.rated_on)},
        "watch": {
            "freezes": sorted(facts.watch.freezes),
            "alert_level": facts.watch.alert_level,
            "is_high_risk": facts.watch.is_high_risk,
            "cured_by_payment": sorted(facts.watch.cured_by_payment),
        },
        "unknowns": sorted(facts.unknowns),
        **_beside(facts),
    }


def from_dict(document: Mapping[str, Any]) -> CreditFacts:
    """Read recorded facts; raises ValueError for a format that this version does not know."""
    if document["format"] != FORMAT:
        raise ValueError(f"facts recorded in format {document['format']} cannot be read, only {FORMAT}")
    currency = document["currency"]
    return CreditFacts(
        request=_request(document["request"], currency),
        customer=CustomerFacts(**document["customer"]),
        line=_line(document["line"], currency),
        exposure=components.of(document["exposure"], currency),
        own=components.of(document["own"], currency),
        receivables=_receivables(document["receivables"], currency),
        rating=RatingFacts(grade=document["rating"]["grade"], rated_on=_day(document["rating"]["rated_on"])),
        watch=WatchFacts(
            freezes=frozenset(document["watch"]["freezes"]),
            alert_level=document["watch"]["alert_level"],
            is_high_risk=document["watch"]["is_high_risk"],
            cured_by_payment=frozenset(document["watch"].get("cured_by_payment", ())),
        ),
        unknowns=frozenset(document["unknowns"]),
        release=releases.from_dict(document.get("release"), currency=currency),
        outlook=outlook.from_dict(document.get("outlook"), currency=currency),
        settings=tuple(settings.from_dict(one) for one in document.get("settings", ())),
        nodes=tuple(nodes.from_dict(node) for node in document.get("nodes", ())),
    )


def read_limit(text: str, currency: str) -> Limit:
    """Read a limit as it was recorded: an amount, ``unlimited`` or ``not set``."""
    if text == "unlimited":
        return Unlimited()
    if text == "not set":
        return NotSet()
    return Amount(Money.of(text, currency))


def _beside(facts: CreditFacts) -> dict[str, Any]:
    """Return what only some facts have: an account that stands alone is recorded as it always was."""
    return {
        **({} if facts.outlook is None else {"outlook": facts.outlook.as_dict()}),
        **({"settings": [one.as_dict() for one in facts.settings]} if facts.settings else {}),
        **({"nodes": [node.as_dict() for node in facts.nodes]} if facts.nodes else {}),
        **({} if facts.release is None else {"release": releases.to_dict(facts.release)}),
    }


def _customer_dict(customer: CustomerFacts) -> dict[str, Any]:
    found = {"code": customer.code, "name": customer.name, "lifecycle": customer.lifecycle}
    if customer.sold_to:
        found |= {"sold_to": customer.sold_to, "sold_to_name": customer.sold_to_name, "role": customer.role}
    return found


def _receivables_dict(receivables: ReceivableFacts) -> dict[str, Any]:
    return {
        "open_amount": receivables.open_amount.text(),
        "open_count": receivables.open_count,
        "overdue_amount": receivables.overdue_amount.text(),
        "overdue_count": receivables.overdue_count,
        "overdue_days_max": receivables.overdue_days_max,
        "oldest_open_days": receivables.oldest_open_days,
        "items": [
            {
                "reference": item.reference,
                "due_date": item.due_date.isoformat(),
                "days_overdue": item.days_overdue,
                "open_amount": item.open_amount.text(),
                "disputed": item.disputed,
            }
            for item in receivables.items
        ],
    }


def _request(document: Mapping[str, Any], currency: str) -> RequestFacts:
    return RequestFacts(
        company=document["company"],
        reference=document["reference"],
        control_point=ControlPoint(document["control_point"]),
        amount=Money.of(document["amount"], currency),
        requested_on=date.fromisoformat(document["requested_on"]),
        terms_days=document["terms_days"],
        prepaid=_money(document["prepaid"], currency),
        document=document.get("document", ""),
    )


def _line(document: Mapping[str, Any], currency: str) -> LineFacts:
    share = document["prepayment_share"]
    return LineFacts(
        limit=read_limit(document["limit"], currency),
        validity=_validity(document["validity"]),
        days=document["days"],
        prepayment_share=None if share is None else Decimal(share),
        is_taken_over=document.get("is_taken_over", False),
        temporary=_money(document["temporary"], currency),
        temporary_validity=_validity(document["temporary_validity"]),
    )


def _receivables(document: Mapping[str, Any], currency: str) -> ReceivableFacts:
    return ReceivableFacts(
        open_amount=Money.of(document["open_amount"], currency),
        open_count=document["open_count"],
        overdue_amount=Money.of(document["overdue_amount"], currency),
        overdue_count=document["overdue_count"],
        overdue_days_max=document["overdue_days_max"],
        oldest_open_days=document["oldest_open_days"],
        items=tuple(
            OpenItem(
                reference=item["reference"],
                due_date=date.fromisoformat(item["due_date"]),
                days_overdue=item["days_overdue"],
                open_amount=Money.of(item["open_amount"], currency),
                disputed=item["disputed"],
            )
            for item in document["items"]
        ),
    )


def _money_text(money: Money | None) -> str | None:
    return None if money is None else money.text()


def _money(text: str | None, currency: str) -> Money | None:
    return None if text is None else Money.of(text, currency)


def _day_text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _validity_dict(validity: Validity | None) -> dict[str, str | None] | None:
    if validity is None:
        return None
    return {"from": validity.valid_from.isoformat(), "to": _day_text(validity.valid_to)}


def _validity(document: Mapping[str, Any] | None) -> Validity | None:
    if document is None:
        return None
    return Validity(date.fromisoformat(document["from"]), _day(document["to"]))
