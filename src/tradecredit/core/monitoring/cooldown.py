"""Cooldown: the same alert is not raised again while it is open, nor soon after it was closed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from tradecredit.core.monitoring.triggers import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierAlert:
    """The latest alert of a rule for the customer; one that waits for confirmation has no effect yet."""

    rule_code: str
    raised_date: date
    is_open: bool
    facts: Mapping[str, str]
    waits: bool = False


def fresh(
    *, findings: Iterable[Finding], earlier: Iterable[EarlierAlert], as_of: date
) -> tuple[Finding, ...]:
    """Return the findings that become alerts today.

    A finding is left out while its rule's alert is open, and within the rule's ``cooldown_days`` of the day it
    was raised. A rule about an increase speaks again for each new value: a second enforcement record is new.
    """
    latest: dict[str, EarlierAlert] = {}
    for alert in sorted(earlier, key=lambda alert: alert.raised_date):
        latest[alert.rule_code] = alert
    return tuple(finding for finding in findings if _is_fresh(finding, latest.get(finding.rule.code), as_of))


def _is_fresh(finding: Finding, before: EarlierAlert | None, as_of: date) -> bool:
    if before is None:
        return True
    if any(part.operator == "increased" for part in finding.rule.when):
        return dict(before.facts) != dict(finding.facts)
    if before.is_open:
        return False
    return (as_of - before.raised_date).days >= finding.rule.cooldown_days
