"""What a recorded request would have come to under another policy, and because of which checks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.decisions import evaluate, outcome

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl
    from tradecredit.core.kernel.outcome import Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One request under two policies: both outcomes, the checks that stop it only now, and those that no longer do."""

    before: Outcome
    after: Outcome
    newly_against: tuple[str, ...]
    no_longer_against: tuple[str, ...]

    @property
    def is_flipped(self) -> bool:
        """Tell whether the request passes under one and stops under the other."""
        return self.before.lets_through != self.after.lets_through

    @property
    def is_newly_held(self) -> bool:
        """Tell whether it passed and would stop."""
        return self.before.lets_through and not self.after.lets_through


def compare(facts: CreditFacts, *, before: OrderControl, after: OrderControl) -> Compared:
    """Return what the same facts come to under two policies; no remedies are computed.

    Overdue 10 days: with 7 allowed it is held by ``overdue_days``, with 14 it passes.
    """
    old, new = _results(facts, before), _results(facts, after)
    stopping_before = [one.code for one in old if not one.outcome.lets_through]
    stopping_after = [one.code for one in new if not one.outcome.lets_through]
    return Compared(
        before=outcome.combine(old),
        after=outcome.combine(new),
        newly_against=tuple(code for code in stopping_after if code not in stopping_before),
        no_longer_against=tuple(code for code in stopping_before if code not in stopping_after),
    )


def _results(facts: CreditFacts, policy: OrderControl) -> tuple[CheckResult, ...]:
    return evaluate.results_of(facts, policy, evaluate.headroom_of(facts, policy))
