"""A history of decisions for benchmarks: very many plain orders on many standings, and some recorded with their facts."""

from __future__ import annotations

import dataclasses
import json
import random
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import islice
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tradecredit.apps.decisions import queries
from tradecredit.core.decisions import compact, recording
from tradecredit.core.exposure import components
from tradecredit.core.kernel.limit import Amount
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import db, ids
from tradecredit.plumbing.access.actor import SYSTEM_USER_ID

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tradecredit.apps.decisions.queries import StoredDecision
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.flows.rehearsal.fill_books import Owner, Pattern
    from tradecredit.plumbing.access import Actor

T = TypeVar("T")

ORDERS_A_STANDING: Final = 100
_FULL_IN: Final = 200
_AT_ONCE: Final = 500
# Nobody is so many days late but the one order that is planted: what a change within the gap flips is known.
GAP: Final = (8, 13)
_PLANTED_DAYS: Final = 10
_LATE: Final = (0, 0, 0, 0, 0, 0, 1, 3, 5, 7, 20, 45)
_LIMITS: Final = ("200000.00", "500000.00", "1000000.00", "3000000.00")


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What was filled in: so many orders on so many standings, so many with their own facts, and the planted one."""

    orders: int
    standings: int
    full: int
    planted: str


def fill_decisions(owner: Owner, *, pattern: Pattern, count: int, customers: int, actor: Actor) -> History:
    """Give the copies of the pattern's customer a history of decisions, without the books that go with them."""
    with db.unit_of_work(actor):
        stored = queries.by_id(pattern.decision_id)
    assert stored is not None, "the pattern has a decision"  # noqa: S101 -- it was laid before
    facts = recording.from_dict(stored.facts)
    numbers = random.Random(4)  # noqa: S311 - a benchmark wants the same history every time
    planted = f"PLANTED-{ids.new_id()}"
    full = count // _FULL_IN
    standings = max(1, (count - full - 1) // ORDERS_A_STANDING)
    owner.run("SET session_replication_role = replica")
    _copy_standings(owner, stored, _standings(facts, numbers, standings, customers))
    owner.run(_ORDERS, **_values(stored), standings=standings, count=count - full - 1, reference="SIM")
    owner.run(_PLANTED, **_values(stored), reference=planted, number=standings)
    _copy_full(owner, stored, facts, numbers, full)
    owner.run("SET session_replication_role = origin")
    owner.run("ANALYZE decisions_decision, decisions_standing")
    return History(orders=count, standings=standings, full=full, planted=planted)


def _standings(
    facts: CreditFacts, numbers: random.Random, count: int, customers: int
) -> Iterator[dict[str, Any]]:
    """Return the documents of the standings, the last one of them for the planted order."""
    for number in range(count + 1):
        days = _PLANTED_DAYS if number == count else numbers.choice(_LATE)
        limit = _LIMITS[-1] if number == count else numbers.choice(_LIMITS)
        yield compact.standing_of(_varied(facts, number % customers + 1, days=days, limit=limit))


def _varied(facts: CreditFacts, customer: int, *, days: int, limit: str) -> CreditFacts:
    currency = facts.currency
    overdue = Money(Decimal(1000 if days else 0), currency)
    return dataclasses.replace(
        facts,
        customer=dataclasses.replace(facts.customer, code=f"T{customer}"),
        line=dataclasses.replace(facts.line, limit=Amount(Money.of(limit, currency))),
        receivables=dataclasses.replace(
            facts.receivables,
            open_amount=Money(Decimal(100_000), currency),
            overdue_amount=overdue,
            overdue_count=int(days > 0),
            overdue_days_max=days,
        ),
        request=dataclasses.replace(facts.request, prepaid=None),
        own=components.none_in(currency),
        release=None,
    )


def _copy_standings(owner: Owner, stored: StoredDecision, documents: Iterator[dict[str, Any]]) -> None:
    owner.run("CREATE TEMP TABLE filled_standing (number integer PRIMARY KEY, id uuid NOT NULL)")
    for chunk in _batched(enumerate(documents), _AT_ONCE):
        owner.run(
            _STANDINGS,
            company=stored.company_id,
            customer=stored.customer_id,
            moment=stored.decided_at,
            ids=[ids.new_id() for _ in chunk],
            numbers=[number for number, _ in chunk],
            documents=[json.dumps(document, ensure_ascii=False, sort_keys=True) for _, document in chunk],
        )


def _copy_full(
    owner: Owner, stored: StoredDecision, facts: CreditFacts, numbers: random.Random, count: int
) -> None:
    for chunk in _batched(_full(facts, numbers, count), _AT_ONCE):
        owner.run(
            _FULL,
            **_values(stored),
            references=[one.request.reference for one in chunk],
            amounts=[one.request.amount.amount for one in chunk],
            documents=[json.dumps(recording.to_dict(one), ensure_ascii=False) for one in chunk],
        )


def _full(facts: CreditFacts, numbers: random.Random, count: int) -> Iterator[CreditFacts]:
    for number in range(count):
        amount = Money(Decimal(numbers.randrange(1, 400_000)), facts.currency)
        varied = _varied(facts, 1, days=numbers.choice(_LATE), limit=numbers.choice(_LIMITS))
        request = dataclasses.replace(varied.request, amount=amount, reference=f"FULL-{number}")
        yield dataclasses.replace(varied, request=request)


def _batched(items: Iterator[T], size: int) -> Iterator[list[T]]:
    """Return the items in lists of so many."""
    while chunk := list(islice(items, size)):
        yield chunk


def _values(stored: StoredDecision) -> dict[str, Any]:
    return {
        "company": stored.company_id,
        "customer": stored.customer_id,
        "account": stored.account_id,
        "version": stored.policy_version_id,
        "as_of": stored.as_of - timedelta(days=1),
        "actor": SYSTEM_USER_ID,
        "moment": stored.decided_at,
        "currency": stored.amount.currency,
    }


_STANDINGS: Final = """
WITH asked AS (
    SELECT * FROM unnest(%(ids)s::uuid[], %(numbers)s::int[], %(documents)s::text[]) AS r(id, number, document)
), made AS (INSERT INTO filled_standing (number, id) SELECT number, id FROM asked)
INSERT INTO decisions_standing (id, company_id, customer_id, document, sha256, recorded_at)
SELECT id, %(company)s, %(customer)s, document, encode(sha256(convert_to(document, 'UTF8')), 'hex'), %(moment)s FROM asked
"""
_COMMON: Final = """company_id, customer_id, account_id, policy_version_id, control_point, currency, as_of, outcome,
    is_committed, purpose, actor_id, actor_name, decided_at, id, reference, amount"""
_SAME: Final = """%(company)s, %(customer)s, %(account)s, %(version)s, 'order', %(currency)s, %(as_of)s, 'approve',
    true, 'check', %(actor)s, 'bench', %(moment)s, gen_random_uuid()"""
_BALANCES: Final = "standing_id, ordered, delivered, billed, bill, unapplied, reserved"
# Amounts up to 400,000 and balances up to 300,000 each, spread by a multiplier that shares no factor with them.
_ORDERS: Final = f"""
INSERT INTO decisions_decision ({_COMMON}, {_BALANCES})
SELECT {_SAME}, %(reference)s || '-' || n, (n * 7919::bigint) %% 40000000 / 100.0, s.id,
    (n * 104729::bigint) %% 30000000 / 100.0, 0, (n * 1299709::bigint) %% 30000000 / 100.0, 0, 0, 0
FROM generate_series(1, %(count)s::int) AS n JOIN filled_standing s ON s.number = n %% %(standings)s::int
"""
_PLANTED: Final = f"""
INSERT INTO decisions_decision ({_COMMON}, {_BALANCES})
SELECT {_SAME}, %(reference)s, 1000, s.id, 0, 0, 0, 0, 0, 0 FROM filled_standing s WHERE s.number = %(number)s::int
"""
_FULL: Final = f"""
INSERT INTO decisions_decision ({_COMMON}, facts, verdict) SELECT {_SAME}, r.reference, r.amount, r.document, '{{}}'
FROM unnest(%(references)s::text[], %(amounts)s::numeric[], %(documents)s::text[]) AS r(reference, amount, document)
"""
