"""Gather what is known about many customers for a rating: ledger, statements, facts and master data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import behaviour
from tradecredit.apps.dossier import consents
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts as dossier_facts
from tradecredit.core.scoring import (
    attributes,
    default_probability,
    formulas,
    ratios,
    statement_checks,
    trade_record,
)
from tradecredit.core.scoring.ratios import Statement
from tradecredit.core.scoring.values import Known, Missing
from tradecredit.flows.ratings import forecasts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord, StatementRecord
    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.receivables.payment_behaviour import Behaviour
    from tradecredit.core.scoring.attributes import Attribute
    from tradecredit.core.scoring.values import Value

_YEAR_DAYS = 366
_CONSOLIDATED = "consolidated"


def gather(
    *,
    company_id: UUID,
    customers: Mapping[UUID, CustomerRecord],
    known: Mapping[str, Attribute],
    currency: str,
    as_of: date,
    known_at: datetime | None = None,
) -> dict[UUID, dict[str, Value]]:
    """Return the attribute values of each customer on the day, with one statement for each kind of source.

    Amounts count only in ``currency``: amounts of another currency are not compared with its lines.
    """
    ids = list(customers)
    records = _records(company_id=company_id, customer_ids=ids, as_of=as_of, known_at=known_at)
    facts = dossier.facts_in_force(customer_ids=ids, as_of=as_of, known_at=known_at)
    agreed = _agreed(facts, company_id=company_id, as_of=as_of)
    statements = dossier.statements(customer_ids=ids, as_of=as_of, known_at=known_at)
    found = {
        customer_id: {
            **_of_master_data(customer),
            **_of_statements(statements.get(customer_id, ()), currency=currency),
            **_of_facts(facts.get(customer_id, {}), known=known, agreed=agreed.get(customer_id, frozenset())),
            **trade_record.values_of(
                _main_record(records.get(customer_id, ()), currency=currency),
                customer_since=customer.customer_since,
                currency=currency,
                as_of=as_of,
            ),
        }
        for customer_id, customer in customers.items()
    }
    complete = {customer_id: formulas.completed(values, known=known) for customer_id, values in found.items()}
    forecast = forecasts.added(complete, company_id=company_id, as_of=as_of)
    for customer_id, value in forecast.items():
        # Formulas of the house may ask for the forecast too.
        complete[customer_id] = formulas.completed(
            {**complete[customer_id], default_probability.NAME: value}, known=known
        )
    return complete


def _records(
    *, company_id: UUID, customer_ids: Sequence[UUID], as_of: date, known_at: datetime | None
) -> dict[UUID, list[Behaviour]]:
    found: dict[UUID, list[Behaviour]] = {}
    for each in behaviour.behaviour(
        company_id=company_id, customer_ids=tuple(customer_ids), as_of=as_of, known_at=known_at
    ):
        found.setdefault(each.customer_id, []).append(each.behaviour)
    return found


def _main_record(records: Sequence[Behaviour], *, currency: str) -> Behaviour | None:
    """Return the record in the currency, else the one with the most invoices."""
    return max(
        records,
        key=lambda each: (each.currency == currency, each.invoice_count or 0, each.currency),
        default=None,
    )


def _of_master_data(customer: CustomerRecord) -> dict[str, Value]:
    found = {
        "industry": customer.industry,
        "customer_type": customer.customer_type,
        "region": customer.region,
    }
    return {name: Known(value=text, source="master_data") for name, text in found.items() if text}


def _agreed(
    facts: Mapping[UUID, Mapping[str, RecordedFact]], *, company_id: UUID, as_of: date
) -> Mapping[UUID, frozenset[str]]:
    """Return what the customers consent to, of whom something is recorded that needs it."""
    asked = [customer for customer, found in facts.items() if any(_consent_for(name) for name in found)]
    return consents.in_force(customer_ids=asked, company_id=company_id, as_of=as_of) if asked else {}


def _consent_for(name: str) -> str:
    return dossier_facts.KNOWN[name].consent if name in dossier_facts.KNOWN else ""


def _of_facts(
    facts: Mapping[str, RecordedFact], *, known: Mapping[str, Attribute], agreed: frozenset[str]
) -> dict[str, Value]:
    """Return recorded facts as values; what needs a consent that has ended counts no more."""
    return {
        name: attributes.read(known[name], fact.value, source=fact.source or "fact", known_on=fact.valid_from)
        if _consent_for(name) in {"", *agreed}
        else Missing(cause="no_consent")
        for name, fact in facts.items()
        if name in known
    }


def _of_statements(statements: Sequence[StatementRecord], *, currency: str) -> dict[str, Value]:
    """Return the ratios of the newest statement and what its checks say; the one before averages where a year old at most."""
    chosen = _own(statements)
    if not chosen:
        return {}
    newest = chosen[0]
    series = [_statement(each) for each in chosen if each.currency == newest.currency]
    before = next(iter(series[1:]), None)
    if before is not None and (newest.period_end - before.period_end).days > _YEAR_DAYS:
        before = None
    values = ratios.compute(series[0], previous=before) | statement_checks.values_of(series)
    if newest.currency == currency:
        return values
    return {name: value for name, value in values.items() if name not in {"equity", "revenue"}}


def _own(statements: Sequence[StatementRecord]) -> Sequence[StatementRecord]:
    """Return the series of one basis: the company's own figures, unless those of its group are more than a year newer."""
    own = [each for each in statements if each.basis != _CONSOLIDATED]
    group = [each for each in statements if each.basis == _CONSOLIDATED]
    if not own or (group and (group[0].period_end - own[0].period_end).days > _YEAR_DAYS):
        return group
    return own


def _statement(record: StatementRecord) -> Statement:
    return Statement(period_end=record.period_end, basis=record.basis, **record.items)
