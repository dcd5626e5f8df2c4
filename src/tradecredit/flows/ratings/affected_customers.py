"""Whom a change of policy concerns beyond orders: grades, lines, terms, dunning and alerts, as they would be today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.collections import attention
from tradecredit.analytics.monitoring import customer_signals
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.collections import strategy
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.limits import grade_policy, recommend
from tradecredit.core.monitoring import triggers
from tradecredit.flows.ratings import rating_facts, rating_policy, simulate_model
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.core.monitoring.signals import Signals
    from tradecredit.core.scoring.values import Value
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

LISTED: Final = 200
_NONE: Final = Words(zh="无", en="none")
_OPEN: Final = Words(zh="由人决定", en="a person decides")


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """One customer, and what it has today by the one document and by the other."""

    code: str
    name: str
    before: Words
    after: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The customers concerned in one respect; the first two hundred are listed."""

    kind: str
    label: Words
    count: int
    listed: tuple[Affected, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the part as plain values."""
        return {
            "kind": self.kind,
            "count": self.count,
            "customers": [
                {
                    "customer": one.code,
                    "name": one.name,
                    "before": one.before.as_dict(),
                    "after": one.after.as_dict(),
                }
                for one in self.listed
            ],
        }


def affected_customers(
    *,
    company: Company,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    actor: Actor,
    as_of: date | None = None,
) -> tuple[Part, ...]:
    """Return the parts in which two sound documents differ for customers as they are known on the day.

    What did not change is not worked out: a document that changes order control alone gives nothing. Raises PolicyError
    for an unsound one.
    """
    changed = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    wanted = [entry for entry in _PARTS if changed & entry[1]]
    if not wanted:
        return ()
    with scope.entered(actor):
        books = _Books(company, before, after, as_of or clock.today(company))
        return tuple(_part(kind, label, read(books), books) for kind, _, label, read in wanted)


class _Books:
    """The customers and what rules ask of them, each gathered once and only when somebody asks."""

    def __init__(
        self, company: Company, before: Mapping[str, Any], after: Mapping[str, Any], day: date
    ) -> None:
        self.company = company
        self.documents = (before, after)
        self.day = day

    @cached_property
    def customers(self) -> Mapping[UUID, CustomerRecord]:
        ids = Customer.objects.filter(company_ids__contains=[self.company.pk]).order_by("code")
        return dossier.customers_by_id(list(ids.values_list("pk", flat=True)))

    @cached_property
    def policies(self) -> tuple[RatingPolicy, RatingPolicy]:
        before, after = (rating_policy.of_document(one, version_id=new_id()) for one in self.documents)
        return before, after

    @cached_property
    def values(self) -> tuple[Mapping[UUID, Mapping[str, Value]], Mapping[UUID, Mapping[str, Value]]]:
        before, after = (
            rating_facts.gather(
                company_id=self.company.pk,
                customers=self.customers,
                known=policy.attributes,
                currency=policy.limits.currency,
                as_of=self.day,
            )
            for policy in self.policies
        )
        return before, after

    @cached_property
    def grades(self) -> Mapping[UUID, str]:
        found = scoring.latest(company_id=self.company.pk, customer_ids=self.customers, as_of=self.day)
        return {customer_id: record.grade for customer_id, record in found.items()}

    def of_grade(self, policy: RatingPolicy, customer_id: UUID) -> grade_policy.GradePolicy:
        grade = self.grades.get(customer_id, policy.scale.without_score)
        known = grade if grade in policy.scale.grades else policy.scale.without_score
        return grade_policy.of_grade(policy.grades, grade=known)


_Both = Mapping["UUID", tuple[Words, Words]]


def _part(kind: str, label: Words, both: _Both, books: _Books) -> Part:
    moved = [
        Affected(
            code=customer.code,
            name=customer.name,
            before=both[customer_id][0],
            after=both[customer_id][1],
        )
        for customer_id, customer in books.customers.items()
        if customer_id in both and both[customer_id][0] != both[customer_id][1]
    ]
    return Part(kind=kind, label=label, count=len(moved), listed=tuple(moved[:LISTED]))


def _grades(books: _Books) -> _Both:
    before, after = (
        simulate_model.verdicts(policy, {str(each): facts for each, facts in values.items()}, day=books.day)
        for policy, values in zip(books.policies, books.values, strict=True)
    )
    return {
        each: (_plain(before[str(each)]["grade"]), _plain(after[str(each)]["grade"]))
        for each in books.customers
    }


def _limits(books: _Books) -> _Both:
    def proposed(side: int, customer_id: UUID) -> Words:
        policy = books.policies[side]
        found = recommend.propose(
            policy.limits,
            grade=books.of_grade(policy, customer_id),
            values=books.values[side][customer_id],
            currency=policy.limits.currency,
        )
        return (
            _OPEN if found.amount is None else _plain(f"{found.amount.currency} {found.amount.amount:,.2f}")
        )

    return {each: (proposed(0, each), proposed(1, each)) for each in books.customers}


def _terms(books: _Books) -> _Both:
    template = Words(zh="{days} 天，预付 {share}%", en="{days} days, {share} % prepaid")

    def said(side: int, customer_id: UUID) -> Words:
        found = books.of_grade(books.policies[side], customer_id)
        return template.filled(days=found.terms_days, share=f"{found.prepayment_percent.normalize():f}")

    return {each: (said(0, each), said(1, each)) for each in books.customers}


def _dunning(books: _Books) -> _Both:
    late = attention.overdue_days_max(company_id=books.company.pk, as_of=books.day)
    ladders = [strategy.parse(document["dunning"]) for document in books.documents]

    def said(customer_id: UUID) -> tuple[Words, Words]:
        before, after = (ladder.step_of(late[customer_id]) for ladder in ladders)
        first, second = (_NONE if step is None else step.label for step in (before, after))
        if before != after and first == second:
            # The same stage does other things: freezes, letters, tasks.
            return first, Words(zh=f"{second.zh}（措施改变）", en=f"{second.en} (does other things)")
        return first, second

    return {each: said(each) for each in late}


def _alerts(books: _Books) -> _Both:
    before, after = (triggers.parse(document["monitoring"]) for document in books.documents)
    known = [
        customer_signals.gather(
            company_id=books.company.pk,
            customer_ids=list(books.customers),
            names=rules.facts,
            as_of=books.day,
            rules=rules.detectors,
            overlays=rules.overlays,
        )
        for rules in (before, after)
    ]

    def said(policy: triggers.MonitoringPolicy, signals: Signals) -> Words:
        raised = triggers.evaluate(policy=policy, signals=signals).raised
        if not raised:
            return _NONE
        return Words(
            zh="；".join(f"{one.rule.label.zh}（{_LEVELS[one.rule.level].zh}）" for one in raised),
            en="; ".join(f"{one.rule.label.en} ({_LEVELS[one.rule.level].en})" for one in raised),
        )

    return {each: (said(before, known[0][each]), said(after, known[1][each])) for each in books.customers}


_LEVELS: Final[Mapping[triggers.Level, Words]] = {
    triggers.Level.YELLOW: Words(zh="黄", en="yellow"),
    triggers.Level.ORANGE: Words(zh="橙", en="orange"),
    triggers.Level.RED: Words(zh="红", en="red"),
}
_PARTS: Final[Sequence[tuple[str, frozenset[str], Words, Callable[[_Books], _Both]]]] = (
    ("grades", frozenset({"scorecard", "grades"}), Words(zh="信用等级", en="Grade"), _grades),
    (
        "limits",
        frozenset({"scorecard", "grades", "limits"}),
        Words(zh="建议额度", en="Proposed line"),
        _limits,
    ),
    ("terms", frozenset({"grades"}), Words(zh="账期与预付", en="Terms"), _terms),
    ("dunning", frozenset({"dunning"}), Words(zh="催收阶段", en="Stage of dunning"), _dunning),
    ("alerts", frozenset({"monitoring"}), Words(zh="预警", en="Alerts"), _alerts),
)


def _plain(text: str) -> Words:
    return Words(zh=text, en=text)
