"""What a company lets the matcher do: policy data, section ``receivables.matching``."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.cash_application import tolerance
from tradecredit.core.cash_application.matcher import values
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping

_PATH: Final = "receivables.matching"
_MILLION: Final = 1_000_000
_CENT: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class MatcherPolicy:
    """From which probability a match is booked without a person, and what the matcher looks for.

    ``bank_charges`` are the most that banks take out of a payment, by currency, and ``bank_charge_percent`` of what is
    expected; ``discount_percents`` what customers
    are used to deduct; ``prior_weight`` how many past cases the shipped statistics of a kind of evidence weigh at most.
    The switches say what may be booked without a person at all: what is named, what fits by its amount alone, and the
    oldest due day first.
    """

    precision: Decimal = Decimal("0.995")
    sum_of_most: int = 6
    similar_name: Decimal = Decimal("0.70")
    prior_weight: int = 500
    bank_charges: Mapping[str, Decimal] = field(default_factory=dict)
    bank_charge_percent: Decimal = Decimal(5)
    discount_percents: tuple[Decimal, ...] = ()
    skip_disputed: bool = True
    by_reference: bool = True
    by_exact_amount: bool = True
    by_fifo: bool = False
    tolerance: tolerance.Tolerance = field(default_factory=tolerance.Tolerance)

    def limits(self, currency: str) -> Limits:
        """Return what may be short or too much in the currency, ready to compare."""
        short, over = self.tolerance.short, self.tolerance.over
        return Limits(
            short=(_units(short.amounts, currency), _parts(short.percent)),
            over=(_units(over.amounts, currency), _parts(over.percent)),
            charge=(_units(self.bank_charges, currency), _parts(self.bank_charge_percent)),
            discounts=tuple(_parts(percent) for percent in self.discount_percents),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one currency in whole numbers: amounts in ten-thousandths, percentages in millionths."""

    short: tuple[int, int]
    over: tuple[int, int]
    charge: tuple[int, int]
    discounts: tuple[int, ...]

    def is_short_within(self, *, gap: int, expected: int) -> bool:
        """Tell whether so little is missing that it may be let go: within the amount and within the percentage."""
        return gap <= min(self.short[0], expected * self.short[1] // _MILLION)

    def is_over_within(self, *, over: int, expected: int) -> bool:
        """Tell whether so little is too much that it may be let go."""
        return over <= min(self.over[0], expected * self.over[1] // _MILLION)

    def is_charge(self, *, gap: int, expected: int) -> bool:
        """Tell whether what is missing may be what banks took."""
        return gap <= min(self.charge[0], expected * self.charge[1] // _MILLION)

    def is_discount(self, *, gap: int, expected: int) -> bool:
        """Tell whether what is missing is a usual discount, to the cent."""
        return any(abs(expected * parts // _MILLION - gap) <= _CENT for parts in self.discounts)


def _units(amounts: Mapping[str, Decimal], currency: str) -> int:
    return values.units(amounts.get(currency, Decimal(0)))


def _parts(percent: Decimal) -> int:
    return int(percent * (_MILLION // 100))


def parse(section: Mapping[str, Any]) -> MatcherPolicy:
    """Read the section; what is not given has its default; raises PolicyError."""
    node, plain = Node(section, _PATH), MatcherPolicy()
    precision, likeness = node.optional("precision"), node.optional("similar_name")
    largest, weight = node.optional("sum_of_most"), node.optional("prior_weight")
    part = node.optional("bank_charge_percent")
    charges, discounts = node.optional("bank_charges"), node.optional("discount_percents")
    return MatcherPolicy(
        precision=precision.number(least="0.5", most="1") if precision else plain.precision,
        sum_of_most=largest.count(least=1) if largest else plain.sum_of_most,
        similar_name=likeness.number(least="0.3", most="1") if likeness else plain.similar_name,
        prior_weight=weight.count() if weight else plain.prior_weight,
        bank_charges={key: one.number(least="0") for key, one in charges.entries()} if charges else {},
        bank_charge_percent=part.number(least="0", most="100") if part else plain.bank_charge_percent,
        discount_percents=tuple(one.number(least="0", most="100") for one in discounts.items())
        if discounts
        else (),
        skip_disputed=_switch(section, "skip_disputed", default=True),
        by_reference=_switch(section, "by_reference", default=True),
        by_exact_amount=_switch(section, "by_exact_amount", default=True),
        by_fifo=_switch(section, "by_fifo", default=False),
        tolerance=tolerance.parse(section.get("tolerance", {})),
    )


def _switch(section: Mapping[str, Any], name: str, *, default: bool) -> bool:
    value = section.get(name, default)
    if not isinstance(value, bool):
        raise PolicyError(f"{_PATH}.{name}", "use true or false")
    return value
