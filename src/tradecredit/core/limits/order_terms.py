"""The terms of orders: what a grade gives where nobody asked, and what a moved grade does to orders that have not left."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping

# What a moved grade does to the terms of open orders: nothing, shorten them, or shorten and give back what was agreed.
_TERMS: Final = ("keep", "shorten", "follow")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrders:
    """What policy says of orders that have not left when the grade of their customer moves."""

    terms: str = "keep"
    # A downgrade to one of these grades pauses shipments until the grade is better again.
    pause_shipments: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The days of one order, and those that were agreed before a lower grade shortened them."""

    days: int
    first_days: int | None = None


def parse(section: Mapping[str, Any]) -> OpenOrders:
    """Read ``open_orders`` of the grades of a pack; nothing moves where the pack says nothing. Raises PolicyError."""
    node = Node(section, "grades").optional("open_orders")
    if node is None:
        return OpenOrders()
    node.only("source", "reason", "terms", "pause_shipments")
    terms, paused = node.optional("terms"), node.optional("pause_shipments")
    return OpenOrders(
        terms="keep" if terms is None else terms.one_of(*_TERMS),
        pause_shipments=frozenset() if paused is None else frozenset(each.text() for each in paused.items()),
    )


def by_default(*, line_days: int | None, grade_days: int | None, is_taken_over: bool) -> int | None:
    """Return the terms of a new order for which none were asked: the shorter of its line's and its grade's.

    A line of 60 days and a grade of 30: 30 days. A line taken over keeps its own terms until it is approved anew.
    """
    if is_taken_over and line_days is not None:
        return line_days
    return min((days for days in (line_days, grade_days) if days is not None), default=None)


def after(terms: Terms, *, grade_days: int, rule: OpenOrders) -> Terms:
    """Return the terms of an order that has not left, after the grade moved to one with ``grade_days``.

    60 days agreed, the grade falls to 30: 30 days, 60 were agreed. It rises again to 60 days: ``follow`` gives 60
    back, ``shorten`` leaves 30. Never more than was agreed.
    """
    if rule.terms == "keep":
        return terms
    agreed = terms.days if terms.first_days is None else terms.first_days
    days = min(agreed, grade_days) if rule.terms == "follow" else min(terms.days, grade_days)
    return Terms(days=days, first_days=None if days == agreed else agreed)
