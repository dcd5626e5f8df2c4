"""Everything about one customer, as the 360° page shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.dashboards import books
from tradecredit.analytics.receivables import behaviour
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.apps.collections import queries as collections
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import queries as limits
from tradecredit.apps.scoring import queries as scoring

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.analytics.dashboards.books import Place, Row
    from tradecredit.apps.collections.queries import StoredLetter
    from tradecredit.apps.dossier.queries import ContactRecord, CustomerRecord, StatementRecord
    from tradecredit.apps.limits.queries import LineRecord
    from tradecredit.apps.scoring.queries import RatingRecord
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.receivables.payment_behaviour import Behaviour

# So many of the latest ratings are told, and so many are looked at for the one that holds today.
_RATINGS: Final = 12
_LATEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerFile:
    """One customer of one company, as of the day; ``open_lines`` and ``letters_sent`` are how many there are."""

    customer: CustomerRecord
    open_lines: int
    letters_sent: int
    accounts: Sequence[Row]
    lines: Sequence[Row]
    orders: Sequence[Row]
    payments: Sequence[Row]
    timeline: Sequence[Row]
    facts: Sequence[RecordedFact]
    statements: Sequence[StatementRecord]
    contacts: Sequence[ContactRecord]
    rating: RatingRecord | None
    ratings: Sequence[RatingRecord]
    behaviours: Sequence[Behaviour]
    letters: Sequence[StoredLetter]
    line_history: Sequence[LineRecord]


def of(place: Place, *, code: str, part: str = "timeline") -> CustomerFile | None:
    """Return the file of a customer in scope; None for one that the actor may not see.

    Besides what every part shows, only the part asked for is read: timeline, receivables, orders, facts, rating or letters.
    """
    customer = dossier.customer_by_code(code)
    if customer is None:
        return None
    ids = [customer.id]
    bound: Row = {"company": place.company_id, "customer": customer.id, "stream": f"customer:{customer.id}"}
    lines = limits.lines(company_id=place.company_id, customer_ids=ids)
    ratings = scoring.history(
        company_id=place.company_id, customer_id=customer.id, most=_RATINGS if part == "rating" else _LATEST
    )
    accounts = _accounts(place, customer.code)
    (letters,) = fetch(_LETTERS_SENT, bound)
    return CustomerFile(
        customer=customer,
        open_lines=sum(account["open_lines"] for account in accounts),
        letters_sent=letters["sent"],
        accounts=accounts,
        lines=_lines(place, customer.code) if part == "receivables" else (),
        orders=fetch(_ORDERS, bound) if part == "orders" else (),
        payments=fetch(_PAYMENTS, bound) if part == "orders" else (),
        timeline=fetch(_TIMELINE, bound) if part == "timeline" else (),
        facts=_facts(place, customer) if part == "facts" else (),
        statements=_statements(place, customer) if part == "facts" else (),
        contacts=dossier.contacts(customer_ids=ids).get(customer.id, ()) if part == "facts" else (),
        rating=next((one for one in ratings if one.as_of <= place.as_of), None),
        ratings=ratings,
        behaviours=_behaviours(place, customer) if part == "rating" else (),
        letters=collections.letters(company_id=place.company_id, customer_id=customer.id, limit=20)
        if part == "letters"
        else (),
        line_history=sorted(
            (line for each in lines.values() for line in each),
            key=lambda line: (line.line.validity.valid_from, line.line.recorded_at),
            reverse=True,
        ),
    )


def exposure_history(place: Place, *, customer_id: Any, currency: str) -> list[tuple[date, Decimal]]:
    """Return the exposure at the end of each day on which it moved, in one currency."""
    rows = fetch(
        _HISTORY,
        {"company": place.company_id, "customer": customer_id, "currency": currency, "as_of": place.as_of},
    )
    return [(row["day"], row["total"]) for row in rows]


def payment_delays(place: Place, *, customer_id: Any, currency: str) -> list[Row]:
    """Return each settled instalment with the days from its due day to its settlement."""
    return fetch(
        _DELAYS,
        {"company": place.company_id, "customer": customer_id, "currency": currency, "as_of": place.as_of},
    )


def _accounts(place: Place, code: str) -> list[Row]:
    return books.run(
        place,
        "SELECT a.*, a.limit_amount - a.used AS available, coalesce(late.overdue, 0) AS overdue,"
        " greatest(late.oldest, 0) AS oldest, coalesce(late.open_amount, 0) AS open_amount,"
        " coalesce(late.open_lines, 0) AS open_lines FROM accounts a"
        " LEFT JOIN (SELECT customer_id, currency, sum(open_amount) FILTER (WHERE is_overdue) AS overdue,"
        " max(days_overdue) AS oldest, sum(open_amount) AS open_amount, count(*) AS open_lines FROM lines WHERE customer_code = %(code)s"
        " GROUP BY 1, 2) late"
        " ON late.customer_id = a.customer_id AND late.currency = a.currency"
        " WHERE a.customer_code = %(code)s ORDER BY a.used DESC",
        values={"code": code},
    )


def _facts(place: Place, customer: CustomerRecord) -> list[RecordedFact]:
    found = dossier.facts_in_force(customer_ids=[customer.id], as_of=place.as_of).get(customer.id, {})
    return sorted(found.values(), key=lambda fact: fact.name)


def _statements(place: Place, customer: CustomerRecord) -> Sequence[StatementRecord]:
    return dossier.statements(customer_ids=[customer.id], as_of=place.as_of).get(customer.id, ())


def _lines(place: Place, code: str) -> list[Row]:
    return books.run(
        place,
        "SELECT * FROM lines WHERE customer_code = %(code)s ORDER BY due_date, number LIMIT 200",
        values={"code": code},
    )


def _behaviours(place: Place, customer: CustomerRecord) -> list[Behaviour]:
    found = behaviour.behaviour(as_of=place.as_of, company_id=place.company_id, customer_ids=(customer.id,))
    return [one.behaviour for one in found]


_ORDERS = """
SELECT reference, order_date, currency, amount, delivered_amount, invoiced_amount, status, decision_id
FROM orders_order WHERE company_id = %(company)s AND customer_id = %(customer)s
ORDER BY order_date DESC, reference DESC LIMIT 60
"""
_PAYMENTS = """
SELECT number, payment_date, currency, amount, amount - allocated_amount - returned_amount AS waiting, payer, text
FROM cash_application_payment WHERE company_id = %(company)s AND customer_id = %(customer)s
ORDER BY payment_date DESC, number DESC LIMIT 40
"""
_TIMELINE = """
SELECT kind, actor_name, text_zh AS zh, text_en AS en, recorded_at FROM audit_logentry
WHERE stream = %(stream)s AND company_id = %(company)s ORDER BY sequence DESC LIMIT 60
"""
_LETTERS_SENT = """
SELECT count(*) AS sent FROM collections_letter WHERE company_id = %(company)s AND customer_id = %(customer)s
"""
_HISTORY = """
SELECT e.effective_date AS day, sum(sum(e.amount)) OVER (ORDER BY e.effective_date) AS total
FROM exposure_exposureentry e JOIN exposure_creditaccount a ON a.id = e.account_id
WHERE a.company_id = %(company)s AND a.customer_id = %(customer)s AND a.currency = %(currency)s
    AND e.effective_date <= %(as_of)s
GROUP BY e.effective_date ORDER BY e.effective_date
"""
_DELAYS = """
SELECT v.number, i.settled_on AS day, i.settled_on - i.due_date AS days FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id
WHERE i.company_id = %(company)s AND i.customer_id = %(customer)s AND i.currency = %(currency)s
    AND v.kind = 'invoice' AND i.settled_on <= %(as_of)s
ORDER BY i.settled_on DESC LIMIT 80
"""
