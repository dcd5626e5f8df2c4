"""Expected credit losses by a provision matrix, with fixed rates of policy or with rates from roll rates.

Note [Roll rates]
An instalment that stands in a bucket at one month's end and in a later one at the next has rolled. The roll rate of a
bucket is what rolled out of it, over all months looked at, divided by what stood in it. The chance to reach the last
bucket is the product of the rates on the way; there the loss rate of policy applies, times what is lost then (LGD).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.kernel.policy_document import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvisionPolicy:
    """The scheme whose buckets are weighed, the rate of each, and what turns roll rates into losses."""

    scheme: str
    rates: Mapping[str, Decimal]
    forward_factor: Decimal
    loss_given_default: Decimal
    last_bucket_rate: Decimal
    roll_months: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """One bucket: what is owed in it, the rate of loss, and the allowance for it."""

    bucket: str
    balance: Money
    rate: Decimal
    allowance: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolled:
    """What stood in a bucket over the months looked at, and what of it had rolled on a month later."""

    balance: Decimal
    rolled: Decimal


def matrix(
    *, balances: Mapping[str, Money], rates: Mapping[str, Decimal], forward_factor: Decimal = Decimal(1)
) -> tuple[Weighed, ...]:
    """Return the allowance by bucket: balance x rate x forward-looking factor, rounded once a bucket, half up.

    15,000,000 at 0.3 % is 45,000. A rate never passes 100 %.
    """
    found = []
    for bucket, balance in balances.items():
        rate = min(rates[bucket] * forward_factor, Decimal(1))
        allowance = Money(balance.amount * rate, balance.currency).rounded()
        found.append(Weighed(bucket=bucket, balance=balance, rate=rate, allowance=allowance))
    return tuple(found)


def total(weighed: Sequence[Weighed], *, currency: str) -> Money:
    """Return the whole allowance: the sum of the buckets', so that the column adds up."""
    return money.total((one.allowance for one in weighed), currency)


def loss_rates(
    *, buckets: Sequence[str], rolled: Mapping[str, Rolled], policy: ProvisionPolicy
) -> Mapping[str, Decimal | None]:
    """Return each bucket's loss rate from roll rates; see Note [Roll rates].

    Rolls of 0.1 and 0.5 into a last bucket lost at 0.8 with LGD 1 are 0.04, 0.4 and 0.8. None where a bucket on the
    way never held anything: no history, no rate.
    """
    rate: Decimal | None = policy.last_bucket_rate * policy.loss_given_default
    found: dict[str, Decimal | None] = {buckets[-1]: rate}
    for bucket in reversed(buckets[:-1]):
        roll = roll_rate(rolled.get(bucket))
        rate = None if rate is None or roll is None else roll * rate
        found[bucket] = rate
    return {bucket: found[bucket] for bucket in buckets}


def roll_rate(rolled: Rolled | None) -> Decimal | None:
    """Return what rolled on divided by what stood there; None where nothing ever stood."""
    if rolled is None or rolled.balance <= 0:
        return None
    return rolled.rolled / rolled.balance


def parse(node: Node, *, buckets_of: Mapping[str, Sequence[str]]) -> ProvisionPolicy:
    """Read the section ``provision``; raises PolicyError when a bucket of the scheme has no rate."""
    scheme = node.child("scheme").one_of(*buckets_of)
    given = node.child("rates")
    given.only(*buckets_of[scheme])
    return ProvisionPolicy(
        scheme=scheme,
        rates={key: given.child(key).number(least="0", most="1") for key in buckets_of[scheme]},
        forward_factor=node.child("forward_factor").number(least="0"),
        loss_given_default=node.child("loss_given_default").number(least="0", most="1"),
        last_bucket_rate=node.child("last_bucket_rate").number(least="0", most="1"),
        roll_months=node.child("roll_months").count(least=1),
    )
