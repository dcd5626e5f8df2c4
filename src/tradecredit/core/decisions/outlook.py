"""What some policies ask beyond balances: payment behaviour, reminders sent, what falls due within a horizon."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """What of the account's exposure falls due, or is wanted, only after the days: it need not count yet."""

    days: int
    beyond: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Gathered only where a check of the policy asks for it; facts without one never had such a check.

    ``average_days_late`` is weighted by amount over the paid items of the policy's window (None: nothing was paid),
    ``dunning_stages`` the stages reached by items that are still open, ``agreed_terms`` what the document's order was
    checked with before, ``wanted_in_days`` how far ahead the document is wanted, ``tenure_days`` how long the customer
    has been one (None: nobody recorded since when).
    """

    average_days_late: Decimal | None = None
    paid_count: int = 0
    dunning_stages: frozenset[str] = frozenset()
    horizons: tuple[Horizon, ...] = ()
    agreed_terms: int | None = None
    wanted_in_days: int | None = None
    tenure_days: int | None = None

    def horizon(self, days: int) -> Horizon | None:
        """Return the horizon of so many days, if it was gathered."""
        return next((one for one in self.horizons if one.days == days), None)

    def as_dict(self) -> dict[str, Any]:
        """Return it for recording."""
        late = self.average_days_late
        return {
            "average_days_late": None if late is None else f"{late:f}",
            "paid_count": self.paid_count,
            "dunning_stages": sorted(self.dunning_stages),
            "horizons": [{"days": one.days, "beyond": one.beyond.text()} for one in self.horizons],
            "agreed_terms": self.agreed_terms,
            "wanted_in_days": self.wanted_in_days,
            "tenure_days": self.tenure_days,
        }


def from_dict(document: Mapping[str, Any] | None, *, currency: str) -> Outlook | None:
    """Read what `Outlook.as_dict` wrote; facts recorded without it have none."""
    if document is None:
        return None
    late = document["average_days_late"]
    return Outlook(
        average_days_late=None if late is None else Decimal(late),
        paid_count=document["paid_count"],
        dunning_stages=frozenset(document["dunning_stages"]),
        horizons=tuple(
            Horizon(days=one["days"], beyond=Money.of(one["beyond"], currency))
            for one in document["horizons"]
        ),
        agreed_terms=document["agreed_terms"],
        wanted_in_days=document["wanted_in_days"],
        tenure_days=document.get("tenure_days"),
    )
