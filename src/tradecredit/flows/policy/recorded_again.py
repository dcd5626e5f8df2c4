"""Recorded decisions once more, under another policy: only those whose outcome is another come out.

Orders that share a standing share everything of a verdict but whole numbers, so what differs between the two policies
is prepared once for them (`core/decisions/portions`); where it says the same of all of them no order is read, otherwise
their amounts are compared as columns (`analytics/compiled/plain_orders`). All else (releases, deliveries, accounts under
levels, whatever was recorded with facts of its own) is decided again by the ordinary functions, first by the rules that
differ: see Note [Only what differs is tried].
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.compiled import plain_orders
from tradecredit.apps.decisions import policies, recorded, standings
from tradecredit.core.decisions import compact, differing, quick, recording
from tradecredit.core.decisions.portions import Portions, Standing
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import order_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from uuid import UUID

    from tradecredit.analytics.compiled.plain_orders import Orders
    from tradecredit.apps.decisions.recorded import Group, Which
    from tradecredit.core.decisions.comparing import Compared
    from tradecredit.core.decisions.differing import Difference
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.decisions.portions import Portion

    Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Decisions of one customer whose outcome is another under the other policy, in the same way."""

    decision_ids: Sequence[str]
    amount: Money
    customer: str
    grade: str
    compared: Compared


class _Tried:
    """Two policies as what differs, each part with what was prepared of it before."""

    def __init__(self, found: Difference) -> None:
        self.found = found
        self.common, self.before, self.after = (
            Portions(policy) for policy in (found.common, found.before, found.after)
        )


@dataclass(slots=True, kw_only=True)
class _Prepared:
    """The orders of one standing: what differs, prepared; what is common only once it is asked for."""

    group: Group
    document: Mapping[str, Any]
    standing: Standing
    tried: _Tried
    before: Portion | None
    after: Portion | None

    @property
    def is_same_for_all(self) -> bool:
        """Tell whether what differs says the same of every order of the group."""
        if self.before is None or self.after is None:
            return False
        settled = self.before.settled
        if settled is None or (other := self.after.settled) is None:
            return False
        is_same = settled[1].worst == other[1].worst and settled[2].worst == other[2].worst
        return is_same and (settled[0] == other[0] or settled[1].worst == settled[2].worst)

    def changed(self, orders: Orders) -> Iterator[Alike]:
        """Give the orders whose outcome is another."""
        if self.before is None or self.after is None:
            yield from self._one_by_one(orders)
            return
        asking, others = orders.parted()
        yield from self._by_columns(self.before, self.after, asking)
        yield from self._one_by_one(others)

    def _by_columns(self, before: Portion, after: Portion, orders: Orders) -> Iterator[Alike]:
        for old, new, rows in plain_orders.told_apart(before, after, orders):
            some = orders.of(rows)
            common = self.tried.common.of(self.standing)
            if common is None:
                yield from self._one_by_one(some)
                continue
            for worst, alike in plain_orders.said(common, some).by_worst():
                compared = differing.joined(worst, old, new)
                if compared is not None:
                    yield self._alike(compared, some.of(alike))

    def _one_by_one(self, orders: Orders) -> Iterator[Alike]:
        for row in range(len(orders)):
            compared = differing.compare(self._facts_of(orders, row), self.tried.found)
            if compared is not None:
                yield self._alike(compared, orders.of([row]))

    def _alike(self, compared: Compared, orders: Orders) -> Alike:
        facts = self.standing.facts
        return Alike(
            decision_ids=orders.names(),
            amount=Money(quick.amount(sum(orders.amounts)), facts.currency),
            customer=facts.customer.code,
            grade=facts.rating.grade or "–",
            compared=compared,
        )

    def _facts_of(self, orders: Orders, row: int) -> CreditFacts:
        figures = compact.Figures(
            reference="",
            amount=quick.amount(orders.amounts[row]),
            terms_days=self.group.terms_days,
            balances={
                name: quick.amount(stage[row])
                for name, stage in zip(compact.BALANCES, orders.stages, strict=True)
            },
        )
        return recording.from_dict(compact.facts_document(self.document, figures))


class Again:
    """The decisions of a period under another policy."""

    def __init__(self, which: Which, *, control: OrderControl, grade: str | None, progress: Progress) -> None:
        """Look at these decisions, only where the customer had this grade then (None: any)."""
        self.looked_at = 0
        self._which = which
        self._control = control
        self._grade = grade
        self._progress = progress
        self._done = 0
        self._versions: dict[UUID, _Tried] = {}

    def changed(self) -> Iterator[Alike]:
        """Walk the decisions and give those whose outcome is another."""
        for groups in recorded.groups(self._which):
            yield from self._compact(groups)
        yield from self._full()

    def _compact(self, groups: Sequence[Group]) -> Iterator[Alike]:
        documents = standings.documents(group.standing_id for group in groups)
        undecided = []
        for group in groups:
            prepared = self._prepared(group, documents[group.standing_id])
            if prepared is None:
                self._count(group.orders)
            else:
                undecided.append(prepared)
        for place, packed in recorded.packed_orders(self._which, [one.group for one in undecided]):
            yield from undecided[place].changed(plain_orders.unpacked(packed))
            self._count(undecided[place].group.orders)

    def _prepared(self, group: Group, document: Mapping[str, Any]) -> _Prepared | None:
        """Return what is needed to decide the orders of a group; None where their outcome is the same."""
        if not self._is_of_grade(document["rating"]["grade"]):
            return None
        self.looked_at += group.orders
        tried = self._tried(group.policy_version_id)
        if tried.found.is_none:
            return None
        request = {**document["request"], "terms_days": group.terms_days}
        standing = Standing(compact.template({**document, "request": request}))
        prepared = _Prepared(
            group=group,
            document=document,
            standing=standing,
            tried=tried,
            before=tried.before.of(standing),
            after=tried.after.of(standing),
        )
        return None if prepared.is_same_for_all else prepared

    def _full(self) -> Iterator[Alike]:
        for stored in recorded.full_decisions(self._which):
            self._count(1)
            if not self._is_of_grade(stored.facts["rating"]["grade"]):
                continue
            self.looked_at += 1
            found = self._tried(stored.policy_version_id).found
            if found.is_none:
                continue
            facts = recording.from_dict(stored.facts)
            compared = differing.compare(facts, found)
            if compared is not None:
                yield Alike(
                    decision_ids=(stored.id.hex,),
                    amount=stored.amount,
                    customer=facts.customer.code,
                    grade=facts.rating.grade or "–",
                    compared=compared,
                )

    def _tried(self, version_id: UUID) -> _Tried:
        if version_id not in self._versions:
            before = order_policy.parsed(policies.by_id(version_id)).control
            self._versions[version_id] = _Tried(differing.difference(before, self._control))
        return self._versions[version_id]

    def _is_of_grade(self, grade: str | None) -> bool:
        return self._grade is None or self._grade == grade

    def _count(self, looked_at: int) -> None:
        self._done += looked_at
        self._progress(self._done)
