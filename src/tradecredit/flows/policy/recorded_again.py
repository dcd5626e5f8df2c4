"""Recorded decisions once more, under another policy: only those whose outcome is another come out.

Orders that share a standing share everything of a verdict but whole numbers, so what differs between the two policies
is prepared once for them (`core/decisions/portions`); where it looks at no amount, the whole group is settled at once.
All else (releases, deliveries, accounts under levels, whatever was recorded with facts of its own) is decided again by
the ordinary functions, first by the rules that differ: see Note [Only what differs is tried].
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.apps.decisions import policies, recorded, standings
from tradecredit.apps.decisions.recorded import CompactRow
from tradecredit.core.decisions import compact, differing, portions, quick, recording
from tradecredit.core.decisions.portions import Standing
from tradecredit.core.decisions.remembered import Memory
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import order_policy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from tradecredit.apps.decisions.recorded import Which
    from tradecredit.core.decisions.comparing import Compared
    from tradecredit.core.decisions.differing import Difference
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.decisions.portions import Portion

    Row = tuple[Any, ...]
    Progress = Callable[[int], None]

_NAMED: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One decision whose outcome is another under the other policy."""

    decision_id: UUID
    reference: str
    customer: str
    grade: str
    day: date
    amount: Money
    compared: Compared


class _Tried:
    """Two policies as what differs, with what their rules found before."""

    def __init__(self, found: Difference) -> None:
        self.found = found
        self.common, self.before, self.after = (
            Memory(policy) for policy in (found.common, found.before, found.after)
        )


@dataclass(slots=True, kw_only=True)
class _Group:
    """The plain orders of one standing: what differs, prepared; what is common only once it is asked for."""

    document: Mapping[str, Any]
    standing: Standing
    tried: _Tried
    before: Portion | None
    after: Portion | None
    common: Portion | None = None

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

    def compare(self, row: Row) -> Compared | None:
        """Return what one order comes to under both policies; None where the outcome is the same."""
        if self.before is None or self.after is None or row[5] <= 0:
            return differing.compare(self.facts_of(CompactRow(*row)), self.tried.found)
        amount, stages = row[5], row[6:12]
        before, after = self.before.said(amount, stages), self.after.said(amount, stages)
        if before.worst == after.worst:
            return None
        if self.common is None:
            self.common = portions.prepare(self.standing, self.tried.found.common, self.tried.common)
        if self.common is None:
            common = differing.said(self.facts_of(CompactRow(*row)), self.tried.found.common)
        else:
            common = self.common.said(amount, stages)
        return differing.joined(common.worst, before, after)

    def facts_of(self, row: CompactRow) -> CreditFacts:
        """Return the facts of one order of the group."""
        figures = compact.Figures(
            reference=row.reference,
            amount=quick.amount(row.amount),
            terms_days=row.terms_days,
            balances={name: quick.amount(getattr(row, name)) for name in compact.BALANCES},
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
        self._versions: dict[str, _Tried] = {}

    def changed(self) -> Iterator[Changed]:
        """Walk the decisions and give those whose outcome is another."""
        rest: list[Row] = []
        for chunk in recorded.compact_rows(self._which):
            # The last group of a chunk may go on in the next one.
            rows = [*rest, *chunk]
            rest = _last_group(rows) if len(chunk) > 1 else []
            yield from self._compact(rows[: len(rows) - len(rest)])
        yield from self._compact(rest)
        yield from self._full()

    def _compact(self, rows: Sequence[Row]) -> Iterator[Changed]:
        documents = standings.documents(UUID(name) for name in {row[0] for row in rows})
        for (standing, version, terms), group in groupby(rows, key=lambda row: row[:_NAMED]):
            yield from self._of_group(documents[UUID(standing)], version, terms, list(group))
        self._count(len(rows))

    def _of_group(
        self, document: Mapping[str, Any], version: str, terms: int | None, rows: Sequence[Row]
    ) -> Iterator[Changed]:
        if not self._is_of_grade(document["rating"]["grade"]):
            return
        self.looked_at += len(rows)
        tried = self._tried(version)
        if tried.found.is_none:
            return
        facts = compact.template({**document, "request": {**document["request"], "terms_days": terms}})
        standing = Standing(facts)
        group = _Group(
            document=document,
            standing=standing,
            tried=tried,
            before=portions.prepare(standing, tried.found.before, tried.before),
            after=portions.prepare(standing, tried.found.after, tried.after),
        )
        if group.is_same_for_all:
            return
        for row in rows:
            compared = group.compare(row)
            if compared is not None:
                amount = Money(quick.amount(row[5]), facts.currency)
                yield _changed(UUID(row[3]), row[4], facts, amount, compared)

    def _full(self) -> Iterator[Changed]:
        for stored in recorded.full_decisions(self._which):
            self._count(1)
            if not self._is_of_grade(stored.facts["rating"]["grade"]):
                continue
            self.looked_at += 1
            found = self._tried(str(stored.policy_version_id)).found
            if found.is_none:
                continue
            facts = recording.from_dict(stored.facts)
            compared = differing.compare(facts, found)
            if compared is not None:
                yield _changed(stored.id, stored.reference, facts, stored.amount, compared)

    def _tried(self, version: str) -> _Tried:
        if version not in self._versions:
            before = order_policy.parsed(policies.by_id(UUID(version))).control
            self._versions[version] = _Tried(differing.difference(before, self._control))
        return self._versions[version]

    def _is_of_grade(self, grade: str | None) -> bool:
        return self._grade is None or self._grade == grade

    def _count(self, looked_at: int) -> None:
        self._done += looked_at
        self._progress(self._done)


def _last_group(rows: Sequence[Row]) -> list[Row]:
    name = rows[-1][:_NAMED]
    place = len(rows)
    while place and rows[place - 1][:_NAMED] == name:
        place -= 1
    return list(rows[place:])


def _changed(
    decision_id: UUID, reference: str, facts: CreditFacts, amount: Money, compared: Compared
) -> Changed:
    return Changed(
        decision_id=decision_id,
        reference=reference,
        customer=facts.customer.code,
        grade=facts.rating.grade or "–",
        day=facts.request.requested_on,
        amount=amount,
        compared=compared,
    )
