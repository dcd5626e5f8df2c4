"""What would turn a table's answer: amounts, prepayments, terms and payments at its bounds, each tried on the table."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, TypeVar

from tradecredit.core.decision_tables import pieces
from tradecredit.core.decisions import account_room, checks_table, declared_facts, received
from tradecredit.core.decisions.outcome import CheckState
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tradecredit.core.decisions.facts import CreditFacts, OpenItem
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.kernel.outcome import Outcome

_T = TypeVar("_T")
_OF_RECEIVABLES: Final = frozenset(
    {"overdue_amount", "overdue_count", "overdue_days", "overdue_share", "oldest_open_days"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """A document and the tables that stop it."""

    facts: CreditFacts
    rules: tuple[Rule, ...]
    policy: OrderControl

    def passes(self, facts: CreditFacts) -> bool:
        """Tell whether none of the tables would stop it with other facts."""
        room = account_room.headroom_of(facts, self.policy)
        found = (checks_table.table(facts, rule, room) for rule in self.rules)
        return all(_lets_through(one.state, one.asks) for one in found)

    def bounds(self, *names: str) -> Iterator[tuple[str, Decimal]]:
        """Yield the numbers with which the tables compare some facts, by the fact's own name."""
        for rule in self.rules:
            assert rule.table is not None  # noqa: S101 -- only rules with tables are kept
            table = rule.table.table.table
            for place, clause in enumerate(table.inputs):
                fact = declared_facts.BY_NAME.get(clause.expression)
                if fact is not None and fact.name in names:
                    column = pieces.cut(clause, tuple(row.tests[place] for row in table.rules))
                    cuts = () if column is None else column.pieces
                    yield from ((fact.name, piece.low) for piece in cuts if piece.is_point)


def stopped(facts: CreditFacts, results: Iterable[CheckResult], policy: OrderControl) -> Stopped | None:
    """Return the tables that stop the document; None when none does."""
    codes = {
        one.code for one in results if one.finding.sentence == "table.row" and not one.outcome.lets_through
    }
    rules = tuple(rule for rule in policy.rules if rule.code in codes and rule.table is not None)
    return Stopped(facts=facts, rules=rules, policy=policy) if rules else None


def items_to_receive(case: Stopped) -> tuple[OpenItem, ...]:
    """Return the fewest overdue items, oldest first, whose payment turns the tables; none when none would.

    A table that holds above 7 days overdue, with items 40 and 10 days overdue: both.
    """
    names = {name for rule in case.rules if rule.table is not None for name in rule.table.names}
    if not names & _OF_RECEIVABLES:
        return ()
    overdue = sorted(
        (item for item in case.facts.receivables.items if item.is_overdue),
        key=lambda item: (-item.days_overdue, item.reference),
    )
    for count in range(1, len(overdue) + 1):
        if case.passes(received.receive(case.facts, overdue[:count], policy=case.policy)):
            return tuple(overdue[:count])
    return ()


def part_that_fits(case: Stopped) -> Money | None:
    """Return the largest amount below the document's own with which the tables would not stop it."""
    asked = case.facts.request.amount
    room = account_room.headroom_of(case.facts, case.policy)
    values = declared_facts.read_all(("limit", "available", "exposure_after"), case.facts, room)
    names = ("amount", "over", "utilisation", "share_of_available", "exposure_after")
    wanted = {_amount_at(name, bound, values, asked.amount) for name, bound in case.bounds(*names)}
    cent = Money(Decimal(1).scaleb(-money.minor_digits(asked.currency)), asked.currency)
    candidates = sorted(
        {
            near.rounded_down()
            for one in wanted
            if one is not None
            for near in (Money(one, asked.currency), Money(one, asked.currency).rounded_down() - cent)
        },
        key=lambda one: one.amount,
        reverse=True,
    )
    return _first(
        (one for one in candidates if one.is_positive and one < asked),
        lambda one: case.passes(_asking(case.facts, amount=one)),
    )


def prepayment_that_helps(case: Stopped) -> Money | None:
    """Return the least further prepayment with which the tables would not stop it."""
    facts = case.facts
    shares = sorted({bound for _, bound in case.bounds("prepaid_share")})
    wanted = ((facts.request.amount.times(share)).rounded_up() - facts.prepaid for share in shares)
    return _first(
        (one for one in wanted if one.is_positive),
        lambda one: case.passes(_asking(facts, prepaid=facts.prepaid + one)),
    )


def terms_that_fit(case: Stopped) -> int | None:
    """Return the longest terms below those asked with which the tables would not stop it."""
    bounds = {int(bound) for _, bound in case.bounds("terms_days")}
    days = sorted({day for bound in bounds for day in (bound, bound - 1) if day >= 0}, reverse=True)
    asked = case.facts.request.terms_days
    return _first(
        (day for day in days if asked is None or day < asked),
        lambda day: case.passes(_asking(case.facts, terms_days=day)),
    )


def _first(candidates: Iterable[_T], serves: Callable[[_T], bool]) -> _T | None:
    return next((one for one in candidates if serves(one)), None)


def _lets_through(state: CheckState, asks: Outcome | None) -> bool:
    if state is CheckState.UNKNOWN:
        return False
    return asks is None or asks.lets_through


def _asking(facts: CreditFacts, **fields: Any) -> CreditFacts:
    return dataclasses.replace(facts, request=dataclasses.replace(facts.request, **fields))


def _amount_at(name: str, bound: Decimal, values: Mapping[str, Any], asked: Decimal) -> Decimal | None:
    """Return the amount of the document at which a fact would stand at a bound."""
    limit, available, after = (values[key] for key in ("limit", "available", "exposure_after"))
    exposure = None if after is None else after - asked
    match name:
        case "amount":
            return bound
        case "over" if isinstance(available, Decimal):
            return available + bound
        case "share_of_available" if isinstance(available, Decimal):
            return available * bound
        case "utilisation" if isinstance(limit, Decimal) and isinstance(exposure, Decimal):
            return limit * bound - exposure
        case "exposure_after" if isinstance(exposure, Decimal):
            return bound - exposure
        case _:
            return None
