"""Aging: open items counted into buckets that always sum to what is open.

Two agings exist and are always labelled: by days overdue (collections) and by invoice age (reports).
Where a bucket begins is policy; a bucket holds from its edge (included) to the next edge (excluded).
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.core.kernel import money, periods
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.open_items import OpenItem

Measure = Literal["days_overdue", "invoice_age"]
_LONGEST_MONTH, _SHORTEST_MONTH = 31, 28


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How long after the base day a bucket begins: calendar months first, then days."""

    months: int = 0
    days: int = 0

    def begins_on(self, base: date) -> date:
        """Return the first day of the bucket; 12 months and 1 day after 29 Feb 2024 is 1 March 2025."""
        return periods.add_months(base, self.months) + timedelta(days=self.days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A column of an aging; the first bucket of a scheme has no edge and takes everything earlier."""

    key: str
    label: Words
    edge: Edge | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheme:
    """A named aging: what is measured and where the buckets begin."""

    key: str
    label: Words
    measure: Measure
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aged:
    """An aged account in one currency: ``sum(amounts) == open``, and ``net`` is what remains after credits."""

    scheme: Scheme
    amounts: tuple[Money, ...]
    open: Money
    unapplied_cash: Money
    credit_notes: Money
    # Of what is open: the contested part. Beside it: bills that stand for debts which they have settled.
    disputed: Money
    bills: Money

    @property
    def net(self) -> Money:
        """Return what is open less the cash and credit notes that wait to be applied."""
        return self.open - self.unapplied_cash - self.credit_notes


def age(
    *,
    items: Iterable[OpenItem],
    scheme: Scheme,
    as_of: date,
    currency: str,
    unapplied_cash: Money | None = None,
    credit_notes: Money | None = None,
    bills: Money | None = None,
) -> Aged:
    """Return the items' open amounts by bucket; the buckets sum to the open total to the cent.

    50.00 due on the day and 70.00 due the day before are 50.00 not due and 70.00 in 1 to 30 days.
    Raises CurrencyMismatchError when an item is in another currency.
    """
    amounts = [money.Money.zero(currency) for _ in scheme.buckets]
    disputed = money.Money.zero(currency)
    for item in items:
        disputed += item.disputed
        position = bucket_position(scheme=scheme, base=base_day(scheme=scheme, item=item), as_of=as_of)
        amounts[position] += item.open
    nothing = money.Money.zero(currency)
    return Aged(
        scheme=scheme,
        amounts=tuple(amounts),
        open=money.total(amounts, currency),
        unapplied_cash=unapplied_cash or nothing,
        credit_notes=credit_notes or nothing,
        disputed=disputed,
        bills=bills or nothing,
    )


def base_day(*, scheme: Scheme, item: OpenItem) -> date:
    """Return the day from which the scheme counts: the due day or the invoice day."""
    return item.due_date if scheme.measure == "days_overdue" else item.invoice_date


def bucket_position(*, scheme: Scheme, base: date, as_of: date) -> int:
    """Return the index of the bucket in which an item with this base day lies on the day."""
    position = 0
    for index, bucket in enumerate(scheme.buckets):
        if bucket.edge is not None and bucket.edge.begins_on(base) <= as_of:
            position = index
    return position


def parse(section: Mapping[str, Any]) -> dict[str, Scheme]:
    """Read the aging schemes of a policy, ``{key: {measure, label, buckets: [...]}}``; raises PolicyError."""
    return {key: _parse_scheme(key, body) for key, body in section.items()}


def _parse_scheme(key: str, body: Mapping[str, Any]) -> Scheme:
    path = f"receivables.aging.{key}"
    measure = body.get("measure")
    if measure not in ("days_overdue", "invoice_age"):
        raise PolicyError(f"{path}.measure", "use days_overdue or invoice_age")
    buckets = tuple(
        _parse_bucket(f"{path}.buckets[{index}]", index, entry)
        for index, entry in enumerate(body.get("buckets", ()))
    )
    if not buckets:
        raise PolicyError(f"{path}.buckets", "name at least one bucket")
    _demand_ascending(path, buckets)
    return Scheme(
        key=key, label=_parse_words(f"{path}.label", body.get("label")), measure=measure, buckets=buckets
    )


def _parse_bucket(path: str, index: int, entry: Mapping[str, Any]) -> Bucket:
    start = entry.get("from")
    if (start is None) != (index == 0):
        raise PolicyError(f"{path}.from", "every bucket but the first says where it begins")
    edge = None
    if start is not None:
        edge = Edge(
            months=_whole(f"{path}.from.months", start.get("months", 0)),
            days=_whole(f"{path}.from.days", start.get("days", 0)),
        )
    return Bucket(key=str(entry["key"]), label=_parse_words(f"{path}.label", entry.get("label")), edge=edge)


def _whole(path: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise PolicyError(path, "a bucket begins after a whole number of months and days")
    return value


def _parse_words(path: str, value: Any) -> Words:
    if not value or not value.get("zh") or not value.get("en"):
        raise PolicyError(path, "a label needs zh and en")
    return Words(zh=value["zh"], en=value["en"])


def _demand_ascending(path: str, buckets: Sequence[Bucket]) -> None:
    edges = [bucket.edge for bucket in buckets if bucket.edge is not None]
    for index, (earlier, later) in enumerate(itertools.pairwise(edges), start=2):
        if not _always_before(earlier, later):
            raise PolicyError(f"{path}.buckets[{index}].from", "buckets begin one after the other")


def _always_before(earlier: Edge, later: Edge) -> bool:
    """Tell whether, for every base day, the one edge comes before the other, however long the months are."""
    if earlier == later:
        return False
    if earlier.months <= later.months and earlier.days <= later.days:
        return True
    longest = earlier.months * _LONGEST_MONTH + earlier.days
    return longest < later.months * _SHORTEST_MONTH + later.days
