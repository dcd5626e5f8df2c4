"""Latest days of payment and interest that the law gives a small seller, as dated rules of policy.

The rules of the State Council's regulation on payments to small and medium enterprises stand in the packs with their
decree and the day from which they hold; a contract is read by the rules of the day on which it was signed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node


@dataclass(frozen=True, slots=True, kw_only=True)
class BuyerRule:
    """Days from delivery where nothing is agreed, and the most that may be agreed (None: what is reasonable)."""

    days: int
    days_most: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentLaw:
    """One version of the law: from which day it holds, for which buyers, and its interest."""

    source: str
    valid_from: date
    buyers: Mapping[str, BuyerRule]
    daily_rate: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class LegalTerm:
    """What the law makes of agreed days: the days that hold, and whether more were agreed than may be."""

    days: int
    is_beyond: bool
    law: PaymentLaw


def in_force(*, laws: Sequence[PaymentLaw], on: date) -> PaymentLaw | None:
    """Return the version that holds on the day; None before the first."""
    valid = [law for law in laws if law.valid_from <= on]
    return max(valid, key=lambda law: law.valid_from, default=None)


def legal_term(
    *, laws: Sequence[PaymentLaw], buyer: str, signed_on: date, agreed_days: int | None
) -> LegalTerm | None:
    """Return the days from delivery that hold for a small seller and this buyer; None where the law is silent.

    A public body that agreed to 90 days on 2025-07-01 owes after 60; one that agreed to nothing owes after 30.
    """
    law = in_force(laws=laws, on=signed_on)
    rule = law.buyers.get(buyer) if law is not None else None
    if law is None or rule is None:
        return None
    if agreed_days is None:
        return LegalTerm(days=rule.days, is_beyond=False, law=law)
    most = rule.days_most if rule.days_most is not None else agreed_days
    return LegalTerm(days=min(agreed_days, most), is_beyond=agreed_days > most, law=law)


def latest_due(*, term: LegalTerm, delivered_on: date) -> date:
    """Return the latest day of payment: delivered on 1 June with 60 days, 31 July."""
    return delivered_on + timedelta(days=term.days)


def parse(node: Node) -> tuple[PaymentLaw, ...]:
    """Read the versions of the law, each later than the one before; raises PolicyError."""
    laws = tuple(_law(item) for item in node.items())
    days = [law.valid_from for law in laws]
    if days != sorted(set(days)):
        raise PolicyError(node.path, "each version holds from a later day than the one before it")
    return laws


def _law(node: Node) -> PaymentLaw:
    return PaymentLaw(
        source=node.child("source").text(),
        valid_from=node.child("valid_from").day(),
        buyers={key: _buyer(item) for key, item in node.child("buyers").entries()},
        daily_rate=node.child("daily_rate").number(least="0"),
    )


def _buyer(node: Node) -> BuyerRule:
    most = node.optional("days_most")
    return BuyerRule(days=node.child("days").count(), days_most=None if most is None else most.count())
