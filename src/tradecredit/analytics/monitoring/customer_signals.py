"""The signals of many customers at once: recorded facts, now and before, figures of the ledger, what holds for a trade."""

from __future__ import annotations

import itertools
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.monitoring import ledger_signals
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.dossier import facts
from tradecredit.core.monitoring import overlays as trades
from tradecredit.core.monitoring.detectors import Detectors
from tradecredit.core.monitoring.signals import Signal, Signals, typed

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.dossier.facts import RecordedFact
    from tradecredit.core.monitoring.overlays import Overlay

    House = Mapping[str, Mapping[UUID, Signal]]

OVERDUE_DAYS_MAX = "overdue_days_max"
TOTAL_ASSETS: Final = "total_assets"
# How often something changed, where nobody says it: the times that the fact of another name took another value.
_CHANGES: Final = {
    "address_changes": "registered_address",
    "purchaser_changes": "purchaser",
    "legal_representative_changed": "legal_representative",
}
_FLAGS: Final = frozenset({"legal_representative_changed"})


def gather(
    *,
    company_id: UUID,
    customer_ids: Sequence[UUID],
    names: Collection[str],
    as_of: date,
    rules: Detectors | None = None,
    overlays: Sequence[Overlay] = (),
    echoes: Collection[str] = (),
    house: House | None = None,
) -> Mapping[UUID, Signals]:
    """Return the signals of each customer on the day; a fact that nobody recorded is absent.

    Of sources that disagree the word counts that counts everywhere: Note [Whose word counts]. What the ledger says
    counts before what somebody wrote under its name. ``house`` are figures of the house that the caller has already;
    ``echoes`` as ``ledger_signals.supply`` takes them.
    """
    keen = rules or Detectors()
    known: defaultdict[UUID, dict[str, Signal]] = defaultdict(dict)
    wanted = set(names) | {_CHANGES[name] for name in names if name in _CHANGES}
    history = dossier.fact_history(customer_ids=customer_ids, names=wanted - set(house or ()))
    for customer_id, records in history.items():
        known[customer_id].update(_changes(records, names, as_of=as_of, days=keen.window_days))
        known[customer_id].update(_signals(records, names, as_of=as_of))
    if house is None:
        house = ledger_signals.supply(
            company_id=company_id,
            customer_ids=customer_ids,
            names=names,
            as_of=as_of,
            rules=keen,
            echoes=echoes,
        )
    _add_house(known, house, customer_ids)
    if TOTAL_ASSETS in names:
        _add_assets(known, customer_ids, as_of)
    _add_trades(known, overlays, names, customer_ids, as_of)
    return {customer: Signals(customer_id=str(customer), known=known[customer]) for customer in customer_ids}


def _add_house(known: dict[UUID, dict[str, Signal]], house: House, customer_ids: Sequence[UUID]) -> None:
    none = Signal(value=Decimal(0))
    for name, found in house.items():
        is_counted = name in ledger_signals.COUNTED
        for customer in customer_ids:
            signal = found.get(customer)
            if signal is not None:
                known[customer][name] = signal
            elif is_counted:
                known[customer].setdefault(name, none)


def _add_assets(known: dict[UUID, dict[str, Signal]], customer_ids: Sequence[UUID], as_of: date) -> None:
    """Take what the customer owns from its latest statement that says it, whatever somebody wrote under the name."""
    for customer, records in dossier.statements(customer_ids=customer_ids, as_of=as_of).items():
        said = next((one.items[TOTAL_ASSETS] for one in records if TOTAL_ASSETS in one.items), None)
        if said is not None:
            known[customer][TOTAL_ASSETS] = Signal(value=said)


def _add_trades(
    known: dict[UUID, dict[str, Signal]],
    overlays: Sequence[Overlay],
    names: Collection[str],
    customer_ids: Sequence[UUID],
    as_of: date,
) -> None:
    asked = [one for one in overlays if not names or not set(names).isdisjoint(one.signals)]
    if not asked:
        return
    for customer_id, record in dossier.customers_by_id(customer_ids).items():
        said = trades.signals_of(asked, industry=record.industry, region=record.region, as_of=as_of)
        for name, value in said.items():
            known[customer_id].setdefault(name, Signal(value=value))


def _signals(records: Sequence[RecordedFact], names: Collection[str], *, as_of: date) -> dict[str, Signal]:
    found: dict[str, Signal] = {}
    for name, now in facts.in_force(records, as_of=as_of).items():
        if name not in names:
            continue
        before = _before(now, [record for record in records if record.name == name], as_of=as_of)
        value = typed(now.value)
        found[name] = (
            Signal(value=value) if before is None else Signal(value=value, previous=typed(before.value))
        )
    return found


def _changes(
    records: Sequence[RecordedFact], names: Collection[str], *, as_of: date, days: int
) -> dict[str, Signal]:
    """Return how often facts took another value within the days, for the names that count such changes."""
    found: dict[str, Signal] = {}
    since = as_of - timedelta(days=days)
    for name in names:
        values = sorted(
            (record.valid_from, record.recorded_at, record.value)
            for record in records
            if record.name == _CHANGES.get(name) and record.valid_from <= as_of
        )
        if not values:
            continue
        turned = [day for (_, _, old), (day, _, new) in itertools.pairwise(values) if old != new]
        count = sum(day > since for day in turned)
        found[name] = Signal(value=count > 0 if name in _FLAGS else Decimal(count))
    return found


def _before(now: RecordedFact, records: Sequence[RecordedFact], *, as_of: date) -> RecordedFact | None:
    """Return what held until this was learned; where nothing did, what held until the day from which this holds."""
    earlier = [record for record in records if record.recorded_at < now.recorded_at]
    until_learned = facts.in_force(earlier, as_of=as_of).get(now.name)
    day_before = now.valid_from - timedelta(days=1)
    return until_learned or facts.in_force(records, as_of=day_before).get(now.name)
