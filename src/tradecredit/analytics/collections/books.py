"""The books of customers as dunning decides on them: one statement a kind of fact, for many customers at once."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.analytics.collections import gate as gates
from tradecredit.apps.collections import queries as said_before
from tradecredit.core.collections import customer_books, disputes
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.collections.strategy import Strategy

_ITEMS = """
SELECT i.id::text, i.customer_id, v.number, v.invoice_date, i.due_date, i.amount - i.settled_amount, i.currency,
       greatest(i.disputed_amount, coalesce(d.amount, 0))
FROM receivables_instalment i
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
LEFT JOIN receivables_dispute d ON d.instalment_id = i.id AND d.closed_on IS NULL
WHERE i.company_id = %(company)s AND i.customer_id = ANY (%(customers)s::uuid[])
  AND i.settled_amount < i.amount AND i.due_date <= %(until)s
"""

# Money received and credit notes that nobody has matched yet, whatever their day: who has paid is not dunned.
_UNAPPLIED = """
SELECT customer_id, currency, sum(rest) FROM (
    SELECT customer_id, currency, amount - allocated_amount - returned_amount AS rest
    FROM cash_application_payment
    WHERE company_id = %(company)s AND customer_id = ANY (%(customers)s::uuid[])
      AND allocated_amount + returned_amount < amount
    UNION ALL
    SELECT i.customer_id, i.currency, i.amount - i.settled_amount FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'credit_note'
    WHERE i.company_id = %(company)s AND i.customer_id = ANY (%(customers)s::uuid[]) AND i.settled_amount < i.amount
    UNION ALL
    -- On the bank's statement, and waiting for a person: the money is there, only its place is not.
    SELECT w.customer_id, w.currency, w.amount FROM (
        SELECT coalesce(l.customer_id, (SELECT s.customer_id FROM cash_application_matchsuggestion s
                                        WHERE s.line_id = l.id ORDER BY s.rank LIMIT 1)) AS customer_id,
               l.currency, l.amount
        FROM cash_application_bankline l
        WHERE l.company_id = %(company)s AND l.status IN ('suggested', 'unidentified', 'held')
          AND l.payment_id IS NULL AND l.amount > 0) AS w
    WHERE w.customer_id = ANY (%(customers)s::uuid[])
) AS received GROUP BY customer_id, currency
"""

_GRADES = """
SELECT DISTINCT ON (customer_id) customer_id, grade FROM scoring_rating
WHERE company_id = %(company)s AND customer_id = ANY (%(customers)s::uuid[]) AND as_of <= %(on)s AND grade <> ''
ORDER BY customer_id, as_of DESC, recorded_at DESC
"""

_CUSTOMERS = """
SELECT c.id, c.code, c.name, c.language, c.salesperson, c.region, c.team,
       coalesce(nullif((SELECT k.email FROM dossier_contact k WHERE k.customer_id = c.id AND k.email <> ''
                        ORDER BY k.is_collection_contact DESC, k.created_at LIMIT 1), ''), c.email),
       (SELECT r.grade FROM scoring_rating r WHERE r.company_id = %(company)s AND r.customer_id = c.id
        AND r.as_of <= %(as_of)s ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1)
FROM dossier_customer c WHERE c.id = ANY (%(customers)s::uuid[]) ORDER BY c.code
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """To whom letters go, and who looks after the customer."""

    customer_id: UUID
    code: str
    name: str
    language: str
    salesperson: str
    region: str
    team: str
    email: str
    grade: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A customer's books for dunning, with its address."""

    addressee: Addressee
    books: customer_books.CustomerBooks


def gather(
    *, company_id: UUID, customer_ids: Sequence[UUID], as_of: date, strategy: Strategy
) -> Mapping[UUID, Account]:
    """Return the books of the customers: items due until the earliest reminder, what was said, cash, promises."""
    values = {
        "company": company_id,
        "customers": list(customer_ids),
        "as_of": as_of,
        "until": as_of - timedelta(days=strategy.earliest_days_overdue),
    }
    items, contested = _items(values)
    unapplied = _unapplied(values)
    said = _said(items)
    whose: dict[str, Any] = {"company_id": company_id, "customer_ids": customer_ids}
    latest = said_before.latest_letter_dates(**whose)
    since = as_of - timedelta(days=strategy.promise_grace_days)
    promised = said_before.open_promises(**whose, since=since)
    gate = gates.of_customers(**whose, as_of=as_of, strategy=strategy)
    at_start = _grades_at_start(values, strategy)
    return {
        who.customer_id: Account(
            addressee=who,
            books=customer_books.CustomerBooks(
                customer_id=str(who.customer_id),
                items=tuple(items[who.customer_id]),
                grade=who.grade,
                disputes=tuple(contested[who.customer_id]),
                promises=(*promised.get(who.customer_id, ()), *gate.plans.get(who.customer_id, ())),
                unapplied=tuple(unapplied[who.customer_id]),
                said=frozenset(pair for item in items[who.customer_id] for pair in said[item.instalment_id]),
                latest_letter_date=latest.get(who.customer_id),
                grade_at_trial=at_start.get(who.customer_id),
                **gate.of(who.customer_id),
            ),
        )
        for who in _addressees(values)
    }


def addressees(*, company_id: UUID, customer_ids: Sequence[UUID], as_of: date) -> Mapping[UUID, Addressee]:
    """Return to whom letters and tasks about the customers go, without their books."""
    values = {"company": company_id, "customers": list(customer_ids), "as_of": as_of}
    return {one.customer_id: one for one in _addressees(values)}


def _grades_at_start(values: Mapping[str, Any], strategy: Strategy) -> Mapping[UUID, str]:
    """Return the customers' grades on the first day of the trial that runs, where it asks for them."""
    trial = strategy.trial_on(values["as_of"])
    if trial is None or not trial.grades:
        return {}
    return dict(_rows(_GRADES, {**values, "on": trial.from_date}))


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _items(
    values: Mapping[str, Any],
) -> tuple[dict[UUID, list[customer_books.OpenItem]], dict[UUID, list[disputes.Dispute]]]:
    items: defaultdict[UUID, list[customer_books.OpenItem]] = defaultdict(list)
    contested: defaultdict[UUID, list[disputes.Dispute]] = defaultdict(list)
    for instalment, customer, number, issued, due, rest, currency, disputed in _rows(_ITEMS, values):
        items[customer].append(
            customer_books.OpenItem(
                instalment_id=instalment,
                document=number,
                issued_date=issued,
                due_date=due,
                open_amount=Money(rest, currency),
            )
        )
        if disputed > 0:
            contested[customer].append(
                disputes.Dispute(instalment_id=instalment, amount=Money(disputed, currency))
            )
    return items, contested


def _unapplied(values: Mapping[str, Any]) -> dict[UUID, list[Money]]:
    found: defaultdict[UUID, list[Money]] = defaultdict(list)
    for customer, currency, rest in _rows(_UNAPPLIED, values):
        found[customer].append(Money(rest, currency))
    return found


def _said(items: Mapping[UUID, Sequence[customer_books.OpenItem]]) -> dict[str, list[tuple[str, str]]]:
    found: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    ids = [item.instalment_id for entries in items.values() for item in entries]
    for instalment, step in _rows(
        "SELECT instalment_id::text, stage FROM collections_notice WHERE instalment_id = ANY (%(ids)s::uuid[])",
        {"ids": ids},
    ):
        found[instalment].append((instalment, step))
    return found


def _addressees(values: Mapping[str, Any]) -> list[Addressee]:
    return [
        Addressee(
            customer_id=customer,
            code=code,
            name=name,
            language="zh" if language.startswith("zh") else "en",
            salesperson=salesperson,
            region=region,
            team=team,
            email=email,
            grade=grade or None,
        )
        for customer, code, name, language, salesperson, region, team, email, grade in _rows(
            _CUSTOMERS, values
        )
    ]
