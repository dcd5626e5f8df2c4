"""What a policy would have changed: documents newly held and newly released, by segment, each with its reason."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.money import Money
from tradecredit.flows.policy.segments import BECAME, Segments, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.recorded import Told
    from tradecredit.core.decisions.comparing import Compared
    from tradecredit.flows.policy.recorded_again import Alike

FLIPS_LISTED: Final = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Flip:
    """One document that would have gone the other way."""

    decision_id: UUID
    reference: str
    customer: str
    grade: str
    day: date
    amount: Money
    compared: Compared


@dataclass(slots=True, kw_only=True)
class Side:
    """What would be newly held, or newly released: how many documents of whom, for how much, because of what.

    ``segments`` holds their sales by grade, region and salesperson, and what became of them in the books: billed since,
    of that unpaid past its due day now, and of that for as long as the last step of the company's aging.
    """

    count: int = 0
    amounts: dict[str, Money] = field(default_factory=dict)
    customers: Counter[str] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    grades: Counter[str] = field(default_factory=Counter)
    regions: Counter[str] = field(default_factory=Counter)
    salespeople: Counter[str] = field(default_factory=Counter)
    decision_ids: list[str] = field(default_factory=list)
    decision_grades: list[str] = field(default_factory=list)
    segments: Segments = field(default_factory=Segments)

    def add(self, alike: Alike, codes: tuple[str, ...]) -> None:
        """Count documents that come out alike."""
        count = len(alike.decision_ids)
        self.count += count
        currency = alike.amount.currency
        self.amounts[currency] = self.amounts.get(currency, Money.zero(currency)) + alike.amount
        self.customers[alike.customer] += count
        self.checks.update(dict.fromkeys(codes, count))
        self.grades[alike.grade] += count
        self.decision_ids += alike.decision_ids
        self.decision_grades += [alike.grade] * count
        self.segments.add(grade=alike.grade, customer=alike.customer, count=count, amount=alike.amount)

    def place(self, segments: Mapping[str, tuple[str, str]]) -> None:
        """Count the documents by their customers' region and salesperson."""
        for code, count in self.customers.items():
            region, salesperson = segments.get(code, ("", ""))
            self.regions[region or "–"] += count
            self.salespeople[salesperson or "–"] += count
        self.segments.place(segments)

    def became(self, rows: Sequence[Mapping[str, Any]]) -> None:
        """Take what became of the documents in the books, by grade, customer and currency."""
        for row in rows:
            for name in BECAME:
                money = Money(row[name], row["currency"])
                self.segments.became(name, grade=row["grade"], customer=row["customer"], amount=money)

    def as_dict(self) -> dict[str, Any]:
        """Return the side as plain values, money as texts."""
        return {
            "count": self.count,
            "amounts": texts(self.amounts),
            "customers": len(self.customers),
            "checks": dict(self.checks.most_common()),
            "grades": dict(sorted(self.grades.items())),
            "regions": dict(self.regions.most_common()),
            "salespeople": dict(self.salespeople.most_common()),
            **{name: texts(self.segments.total(name)) for name in BECAME},
            "segments": self.segments.as_dict(),
        }


@dataclass(slots=True, kw_only=True)
class Simulation:
    """What a policy would have changed among the decisions looked at; the first thousand flips are listed."""

    looked_at: int = 0
    changed: int = 0
    newly_held: Side = field(default_factory=Side)
    newly_released: Side = field(default_factory=Side)
    flips: list[Flip] = field(default_factory=list)
    _to_list: dict[str, Alike] = field(default_factory=dict)

    @property
    def flipped(self) -> int:
        """Return how many documents would have gone the other way."""
        return self.newly_held.count + self.newly_released.count

    def add(self, alike: Alike) -> None:
        """Count decisions whose outcome is another; they count as flipped only where they pass on one side."""
        self.changed += len(alike.decision_ids)
        compared = alike.compared
        if not compared.is_flipped:
            return
        if compared.is_newly_held:
            self.newly_held.add(alike, compared.newly_against)
        else:
            self.newly_released.add(alike, compared.no_longer_against)
        for decision_id in alike.decision_ids[: FLIPS_LISTED - len(self._to_list)]:
            self._to_list[decision_id] = alike

    @property
    def to_list(self) -> tuple[str, ...]:
        """Return the decisions that are to be listed one by one."""
        return tuple(self._to_list)

    def told(self, documents: Iterable[Told]) -> None:
        """List the documents to be listed, in the order in which they come."""
        for one in documents:
            alike = self._to_list[one.id.hex]
            flip = Flip(
                decision_id=one.id,
                reference=one.reference,
                customer=alike.customer,
                grade=alike.grade,
                day=one.as_of,
                amount=one.amount,
                compared=alike.compared,
            )
            self.flips.append(flip)

    def affected(self) -> list[tuple[str, int, int]]:
        """Return each customer concerned with how many documents would be newly held and newly released."""
        held, released = self.newly_held.customers, self.newly_released.customers
        codes = sorted(held.keys() | released.keys(), key=lambda one: (-held[one] - released[one], one))
        return [(code, held[code], released[code]) for code in codes]

    def as_dict(self) -> dict[str, Any]:
        """Return the simulation as one document."""
        return {
            "looked_at": self.looked_at,
            "changed": self.changed,
            "flipped": self.flipped,
            "newly_held": self.newly_held.as_dict(),
            "newly_released": self.newly_released.as_dict(),
            "affected": [
                {"customer": code, "newly_held": held, "newly_released": released}
                for code, held, released in self.affected()
            ],
            "flips": [flip_dict(flip) for flip in self.flips],
        }


def flip_dict(flip: Flip) -> dict[str, Any]:
    """Return one document that would have gone the other way as plain values, money as text."""
    return {
        "decision": str(flip.decision_id),
        "reference": flip.reference,
        "customer": flip.customer,
        "grade": flip.grade,
        "day": flip.day.isoformat(),
        "amount": flip.amount.text(),
        "currency": flip.amount.currency,
        "before": flip.compared.before.text,
        "after": flip.compared.after.text,
        "newly_against": list(flip.compared.newly_against),
        "no_longer_against": list(flip.compared.no_longer_against),
    }
