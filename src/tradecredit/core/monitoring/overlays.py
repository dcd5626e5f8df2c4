"""Overlays: what is true of a whole industry or region for a time, said once in the policy instead of for each customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.collections import steps
from tradecredit.core.monitoring.signals import typed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tradecredit.core.kernel.policy_document import Node
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.monitoring.signals import Value


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

    def holds(self, *, industry: str, region: str, as_of: date) -> bool:
        """Tell whether it speaks of a customer of the industry and region on the day."""
        if as_of < self.valid_from or (self.valid_to is not None and as_of >= self.valid_to):
            return False
        return _among(industry, self.industries) and _among(region, self.regions)


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
    node.only("code", "label", "from", "to", "industries", "regions", "signals", "source", "reason")
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
        signals={name: typed(str(place.value)) for name, place in node.child("signals").entries()},
    )


def _among(value: str, wanted: tuple[str, ...]) -> bool:
    return not wanted or any(word in value for word in wanted)
