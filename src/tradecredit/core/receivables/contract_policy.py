"""Policy of contracts: which clauses a grade asks for, when legal looks, and how early an end is announced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """The contract that a grade gets: its name, its clauses, and after how many days overdue the rest falls due."""

    key: str
    label: Words
    grades: frozenset[str]
    clauses: tuple[str, ...]
    acceleration_days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What makes legal look before signing."""

    amount_over: Mapping[str, Money]
    grades: frozenset[str]
    retention_over: Decimal
    days_over: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractPolicy:
    """The section ``contracts`` of a policy, read; the last template is for whoever has no other."""

    clauses: Mapping[str, Words]
    templates: tuple[Template, ...]
    review: Review
    expiry_days: tuple[int, ...]

    def template_for(self, grade: str) -> Template:
        """Return the template of a grade; the strictest (the last) for a grade that none names."""
        return next((one for one in self.templates if grade in one.grades), self.templates[-1])


def parse(node: Node) -> ContractPolicy:
    """Read the section; raises PolicyError, for a template with an unknown clause too."""
    clauses = {key: entry.words() for key, entry in node.child("clauses").entries()}
    templates = tuple(_template(key, entry, clauses) for key, entry in node.child("templates").entries())
    if not templates:
        raise node.error("name at least one template")
    review = node.child("legal_review")
    return ContractPolicy(
        clauses=clauses,
        templates=templates,
        review=Review(
            amount_over={
                key: Money(entry.number(least="0"), key)
                for key, entry in review.child("amount_over").entries()
            },
            grades=frozenset(item.text() for item in review.child("grades").items()),
            retention_over=review.child("retention_over").number(least="0", most="100"),
            days_over=review.child("days_over").count(),
        ),
        expiry_days=tuple(sorted((item.count() for item in node.child("expiry_days").items()), reverse=True)),
    )


def _template(key: str, node: Node, clauses: Mapping[str, Words]) -> Template:
    named = tuple(item.one_of(*clauses) for item in node.child("clauses").items())
    days = node.optional("acceleration_days")
    return Template(
        key=key,
        label=node.child("label").words(),
        grades=frozenset(item.text() for item in node.child("grades").items()),
        clauses=named,
        acceleration_days=None if days is None else days.count(least=1),
    )
