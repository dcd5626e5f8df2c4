"""Customers as JSON: money as text with its currency beside it, sentences in the caller's language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils import translation

from tradecredit.analytics.dossier import customer_statements
from tradecredit.core.dossier import facts as known_facts
from tradecredit.core.kernel import limit as tagged

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.analytics.dossier.profile import Profile
    from tradecredit.analytics.receivables.aging import AgedGroup
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.receivables.payment_behaviour import Behaviour


def said(words: Words | None) -> str:
    """Return the sentence in the language of the request."""
    return "" if words is None else words.in_language(translation.get_language() or "en")


def master_data(customer: CustomerRecord) -> dict[str, Any]:
    """Return the customer's master data as it stands now."""
    return {
        "id": str(customer.id),
        "code": customer.code,
        "name": customer.name,
        "uscc": customer.uscc,
        "uscc_valid": customer.is_uscc_valid,
        "customer_type": customer.customer_type,
        "industry": customer.industry,
        "region": customer.region,
        "salesperson": customer.salesperson,
        "team": customer.team,
        "customer_since": customer.customer_since.isoformat() if customer.customer_since else None,
        "parent_code": customer.parent_code or None,
        "currency": customer.currency,
        "email": customer.email,
        "lifecycle": customer.lifecycle,
        "source": customer.source,
        "version": customer.version,
        "updated_at": customer.updated_at.isoformat(),
    }


def dossier(found: Profile) -> dict[str, Any]:
    """Return everything that is known besides the master data."""
    return {
        "group": list(found.group),
        "facts": [_fact(name, fact) for name, fact in sorted(found.facts.items())],
        "statements": [
            {
                "period_end": statement.period_end.isoformat(),
                "currency": statement.currency,
                "items": {name: f"{amount:f}" for name, amount in statement.items.items()},
                "basis": statement.basis or None,
                "checks": [
                    {"check": each.name, "holds": each.holds, "words": each.words.as_dict()}
                    for each in customer_statements.checks_of(found.statements, statement)
                ],
                "source": statement.source,
                "recorded_at": statement.recorded_at.isoformat(),
            }
            for statement in found.statements
        ],
        "contacts": [
            {"name": contact.name, "role": contact.role, "phone": contact.phone, "email": contact.email}
            for contact in found.contacts
        ],
        "completeness": {
            "percent": found.completeness.percent,
            "missing": [
                {"name": item.name, "label": said(item.label), "priority": item.priority}
                for item in found.completeness.missing
            ],
        },
        "receivables": [_aged(group) for group in found.aged],
        "behaviour": [_behaviour(each) for each in found.behaviour],
        "rating": _rating(found),
        "limits": [
            {"currency": currency, "limit": tagged.text(line.limit)}
            for currency, line in sorted(found.limits.items())
        ],
    }


def _fact(name: str, fact: known_facts.RecordedFact) -> dict[str, Any]:
    known = known_facts.KNOWN.get(name)
    return {
        "fact": name,
        "label": said(known.label) if known else name,
        "value": known_facts.masked(name, fact.value),
        "valid_from": fact.valid_from.isoformat(),
        "valid_to": fact.valid_to.isoformat() if fact.valid_to else None,
        "source": fact.source,
        "evidence": fact.evidence,
        "recorded_at": fact.recorded_at.isoformat(),
        "recorded_by": fact.recorded_by,
    }


def _aged(group: AgedGroup) -> dict[str, Any]:
    aged = group.aged
    return {
        "currency": group.currency,
        "open": aged.open.text(),
        "buckets": {
            bucket.key: amount.text()
            for bucket, amount in zip(aged.scheme.buckets, aged.amounts, strict=True)
        },
        "unapplied_cash": aged.unapplied_cash.text(),
        "credit_notes": aged.credit_notes.text(),
        "items": group.items,
    }


def _behaviour(each: Behaviour) -> dict[str, Any]:
    def figure(value: Decimal | None) -> str | None:
        return None if value is None else f"{value:f}"

    def amount(money: Money | None) -> str | None:
        return None if money is None else money.text()

    return {
        "currency": each.currency,
        "invoices": each.invoice_count,
        "invoiced_amount": amount(each.invoiced_amount),
        "on_time_rate_by_count": figure(each.on_time_rate_by_count),
        "on_time_rate_by_amount": figure(each.on_time_rate_by_amount),
        "overdue_count": each.overdue_count,
        "open_overdue_amount": amount(each.open_overdue_amount),
        "average_days_late": figure(each.average_days_late),
        "max_days_late": each.max_days_late,
        "trend": each.trend,
    }


def _rating(found: Profile) -> dict[str, Any] | None:
    rating = found.rating
    if rating is None:
        return None
    return {
        "grade": rating.grade,
        "score": None if rating.score is None else f"{rating.score:f}",
        "as_of": rating.as_of.isoformat(),
        "is_high_risk": rating.is_high_risk,
    }
