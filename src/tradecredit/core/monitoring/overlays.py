"""Overlays: what is true of a whole industry or region for a time, said once in the policy instead of for each customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.collections import steps
from tradecredit.core.monitoring.signals import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.monitoring.signals import Value

ORIGIN: Final = "overlay:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Signals of all customers of some industries and regions (none named: all), from a day to one (excluded)."""

    code: str
    label: Words
    valid_from: date
    signals: Mapping[str, Value]
    valid_to: date | None = None
    industries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    # By which share lines of these customers change while it lasts: -0.20 for a fifth less.
    limit_change: Decimal | None = None

    @property
    def origin(self) -> str:
        """Return under which name the change of lines that it asks for is kept."""
        return f"{ORIGIN}{self.code}:{self.valid_from.isoformat()}"

    def is_on(self, as_of: date) -> bool:
        """Tell whether it is in force on the day."""
        return self.valid_from <= as_of and (self.valid_to is None or as_of < self.valid_to)

    def holds(self, *, industry: str, region: str, as_of: date) -> bool:
        """Tell whether it speaks of a customer of the industry and region on the day."""
        return self.is_on(as_of) and _among(industry, self.industries) and _among(region, self.regions)


def signals_of(
    overlays: Iterable[Overlay], *, industry: str, region: str, as_of: date
) -> Mapping[str, Value]:
    """Return what the overlays say about a customer; of two that disagree the later in the policy counts."""
    found: dict[str, Value] = {}
    for one in overlays:
        if one.holds(industry=industry, region=region, as_of=as_of):
            found |= one.signals
    return found


def read(node: Node) -> Overlay:
    """Read one overlay; raises PolicyError naming the place of a bad value."""
    node.only(
        "code", "label", "from", "to", "industries", "regions", "signals", "limit_change", "source", "reason"
    )
    ends = node.optional("to")
    begins = node.child("from").day()
    if ends is not None and ends.day() <= begins:
        raise ends.error("an overlay ends after it begins")
    return Overlay(
        code=node.child("code").text(),
        label=node.child("label").words(),
        valid_from=begins,
        valid_to=None if ends is None else ends.day(),
        industries=steps.texts(node, "industries"),
        regions=steps.texts(node, "regions"),
        limit_change=_limit_change(node),
        signals={name: typed(str(place.value)) for name, place in node.child("signals").entries()},
    )


def _limit_change(node: Node) -> Decimal | None:
    place = node.optional("limit_change")
    if place is None:
        return None
    change = place.number(least="-1", most="0")
    if change == 0:
        raise place.error("a change of nothing: leave it out")
    return change


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(word in value for word in wanted)
