"""The signals of many customers at once: recorded facts, now and before, and figures of the ledger."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.analytics.collections import attention
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts
from tradecredit.core.monitoring.signals import Signal, Signals, typed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.dossier.facts import RecordedFact

OVERDUE_DAYS_MAX = "overdue_days_max"


def gather(
    *, company_id: UUID, customer_ids: Sequence[UUID], names: Collection[str], as_of: date
) -> Mapping[UUID, Signals]:
    """Return the signals of each customer on the day; a fact that nobody recorded is absent.

    Of sources that disagree the word counts that counts everywhere: Note [Whose word counts].
    """
    known: defaultdict[UUID, dict[str, Signal]] = defaultdict(dict)
    history = dossier.fact_history(customer_ids=customer_ids, names=names)
    for customer_id, records in history.items():
        known[customer_id].update(_signals(records, as_of=as_of))
    if OVERDUE_DAYS_MAX in names:
        late = attention.overdue_days_max(company_id=company_id, as_of=as_of, customer_ids=customer_ids)
        for customer in customer_ids:
            known[customer][OVERDUE_DAYS_MAX] = Signal(value=Decimal(late.get(customer, 0)))
    return {customer: Signals(customer_id=str(customer), known=known[customer]) for customer in customer_ids}


def _signals(records: Sequence[RecordedFact], *, as_of: date) -> dict[str, Signal]:
    found: dict[str, Signal] = {}
    for name, now in facts.in_force(records, as_of=as_of).items():
        before = _before(now, [record for record in records if record.name == name], as_of=as_of)
        value = typed(now.value)
        found[name] = (
            Signal(value=value) if before is None else Signal(value=value, previous=typed(before.value))
        )
    return found


def _before(now: RecordedFact, records: Sequence[RecordedFact], *, as_of: date) -> RecordedFact | None:
    """Return what held until this was learned; where nothing did, what held until the day from which this holds."""
    earlier = [record for record in records if record.recorded_at < now.recorded_at]
    until_learned = facts.in_force(earlier, as_of=as_of).get(now.name)
    day_before = now.valid_from - timedelta(days=1)
    return until_learned or facts.in_force(records, as_of=day_before).get(now.name)
