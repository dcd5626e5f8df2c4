"""What a grade means for trade: days, prepayment, conditions, and the figures that the limit formula uses."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.limits import terms_table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal
    from typing import Any

    from tradecredit.core.kernel.reasons import Words

Trade = Literal["credit", "prepayment", "cash", "refuse"]

_TRADES: tuple[Trade, ...] = get_args(Trade)


@dataclass(frozen=True, slots=True)
class NamedCondition:
    """A condition of trade, for example a guarantee, with its words."""

    name: str
    label: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class GradePolicy:
    """The terms of one grade; ``figures`` are the numbers that the limit formula takes by grade."""

    grade: str
    label: Words
    trade: Trade
    terms_days: int
    prepayment_percent: Decimal
    order_warning_line: Decimal | None
    review_months: int
    # Whose goods leave first: 1 before 2. A grade that says nothing comes last.
    shipping_priority: int | None
    conditions: tuple[NamedCondition, ...]
    figures: Mapping[str, Decimal]

    @property
    def gives_credit(self) -> bool:
        """Tell whether the grade may have a limit above zero."""
        return self.trade in {"credit", "prepayment"}


def parse(section: Mapping[str, Any]) -> tuple[GradePolicy, ...]:
    """Return the policy of every grade, best first; raises PolicyError naming the place of a wrong value."""
    return tuple(_grade(each) for each in Node(section, "grades").child("grades").items())


def of_grade(policies: tuple[GradePolicy, ...], *, grade: str) -> GradePolicy:
    """Return the policy of one grade; raises PolicyError where the pack has no such grade."""
    table = terms_table.of_terms(terms(policies))
    row = table.answer({"grade": grade}).row
    if row is not None:
        return policies[row - 1]
    raise PolicyError("grades.grades", f"there is no grade {grade!r}")


def terms(policies: tuple[GradePolicy, ...]) -> terms_table.Terms:
    """Return the grades as rows of their table: a warning line that nobody set is null."""
    return tuple(
        (
            policy.grade,
            (
                json.dumps(policy.trade),
                str(policy.terms_days),
                f"{policy.prepayment_percent:f}",
                "null" if policy.order_warning_line is None else f"{policy.order_warning_line:f}",
                str(policy.review_months),
            ),
        )
        for policy in policies
    )


def _grade(node: Node) -> GradePolicy:
    policy = node.child("policy").only(
        "trade",
        "terms_days",
        "prepayment_percent",
        "order_warning_line",
        "review_months",
        "shipping_priority",
        "conditions",
        "figures",
    )
    line = policy.optional("order_warning_line")
    conditions, priority = policy.optional("conditions"), policy.optional("shipping_priority")
    figures = policy.optional("figures")
    trade = policy.child("trade").one_of(*_TRADES)
    return GradePolicy(
        grade=node.child("grade").text(),
        label=node.child("label").words(),
        trade=next(each for each in _TRADES if each == trade),
        terms_days=policy.child("terms_days").count(),
        prepayment_percent=policy.child("prepayment_percent").number(least="0", most="100"),
        order_warning_line=line.number(least="0") if line else None,
        review_months=policy.child("review_months").count(least=1),
        shipping_priority=priority.count(least=1) if priority else None,
        conditions=tuple(named_condition(each) for each in (conditions.items() if conditions else ())),
        figures={name: each.number(least="0") for name, each in (figures.entries() if figures else ())},
    )


def named_condition(node: Node) -> NamedCondition:
    """Read a condition of trade: ``{name: …, label: {zh: …, en: …}}``."""
    return NamedCondition(node.child("name").text(), node.child("label").words())
