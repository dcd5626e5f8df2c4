"""Two policies reduced to the rules in which they differ: what the rules of both say is the same, and cancels out.

Note [Only what differs is tried]
The worst check wins. So with A what the rules of both policies say of some facts, B what the rules of the one alone say
and C what those of the other alone say, the outcomes are worst(A, B) and worst(A, C): where B and C are equal, so are
they, whatever A is. A is needed only where B and C differ. This holds as long as nothing else that a verdict rests on
differs; where something does, no rule counts as common.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import evaluate
from tradecredit.core.decisions.comparing import Compared
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import CheckResult
    from tradecredit.core.decisions.policy import OrderControl, Rule
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.exposure.measure import MeasurePolicy

# Parts of a policy that no outcome rests on; a part that is not named here is one that it may rest on.
_BESIDES: Final = frozenset(
    {"rules", "remedies", "reservation_days", "behaviour_days", "lifts_with_four_eyes"}
)
_NAMELESS: Final = Words(zh="-", en="-")
NOTHING_APPLIES: Final = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two policies as three: the rules of both, and those of each alone."""

    common: OrderControl
    before: OrderControl
    after: OrderControl

    @property
    def is_none(self) -> bool:
        """Tell whether no outcome can differ, for any facts."""
        return not self.before.rules and not self.after.rules


@dataclass(frozen=True, slots=True)
class Said:
    """What some rules say: the worst outcome of those that apply as a number (−1: none does), and who stops it."""

    worst: int
    stopping: tuple[str, ...]


def difference(before: OrderControl, after: OrderControl) -> Difference:
    """Return the policies as what they share and what is each one's own; see Note [Only what differs is tried].

    With 7 days of overdue allowed in one and 14 in the other, one rule is each one's own and all others are common.
    """
    common: frozenset[str] = frozenset()
    if _beside_rules(before) == _beside_rules(after):
        left = {rule.code: _unnamed(rule) for rule in before.rules}
        common = frozenset(rule.code for rule in after.rules if left.get(rule.code) == _unnamed(rule))
    return Difference(
        common=_with(before, *(rule for rule in before.rules if rule.code in common)),
        before=_with(before, *(rule for rule in before.rules if rule.code not in common)),
        after=_with(after, *(rule for rule in after.rules if rule.code not in common)),
    )


def compare(facts: CreditFacts, found: Difference) -> Compared | None:
    """Return what the facts come to under both policies; None where the outcome is the same.

    Agrees with `comparing.compare` on every request whose outcome differs.
    """
    room = _Room(facts)
    before, after = _said(facts, found.before, room), _said(facts, found.after, room)
    if before.worst == after.worst:
        return None
    return joined(_said(facts, found.common, room).worst, before, after)


def joined(common: int, before: Said, after: Said) -> Compared | None:
    """Return the two outcomes from what the common rules say and what each policy's own do; None where they agree."""
    old, new = _outcome(max(common, before.worst)), _outcome(max(common, after.worst))
    if old is new:
        return None
    return Compared(
        before=old,
        after=new,
        newly_against=tuple(code for code in after.stopping if code not in before.stopping),
        no_longer_against=tuple(code for code in before.stopping if code not in after.stopping),
    )


def said(facts: CreditFacts, policy: OrderControl) -> Said:
    """Return what the rules of a policy say of the facts, by the ordinary functions."""
    return _said(facts, policy, _Room(facts))


class _Room:
    """The room of some facts, worked out once where policies measure alike."""

    __slots__ = ("_facts", "_found", "_measure")

    def __init__(self, facts: CreditFacts) -> None:
        self._facts = facts
        self._measure: MeasurePolicy | None = None
        self._found: Headroom | None = None

    def under(self, policy: OrderControl) -> Headroom:
        """Return the room by the policy's measure."""
        if self._found is None or self._measure != policy.measure:
            self._found, self._measure = evaluate.headroom_of(self._facts, policy), policy.measure
        return self._found


def _said(facts: CreditFacts, policy: OrderControl, room: _Room) -> Said:
    if not policy.rules:
        return Said(NOTHING_APPLIES, ())
    return summed(evaluate.results_of(facts, policy, room.under(policy)))


def summed(results: tuple[CheckResult, ...]) -> Said:
    """Return results as the worst of them and the codes of those that stop."""
    return Said(
        max((int(one.outcome) for one in results if one.applies), default=NOTHING_APPLIES),
        tuple(one.code for one in results if not one.outcome.lets_through),
    )


def _outcome(worst: int) -> Outcome:
    return Outcome.REVIEW if worst == NOTHING_APPLIES else Outcome(worst)


def _beside_rules(policy: OrderControl) -> tuple[object, ...]:
    names = (field.name for field in dataclasses.fields(policy) if field.name not in _BESIDES)
    return tuple(getattr(policy, name) for name in names)


def _unnamed(rule: Rule) -> Rule:
    """Return the rule without its name, on which no outcome rests."""
    return dataclasses.replace(rule, label=_NAMELESS)


def _with(policy: OrderControl, *rules: Rule) -> OrderControl:
    return dataclasses.replace(policy, rules=rules)
