"""What a rule found for facts like these before: found again by the facts that the rule looked at, and by nothing else.

Note [Remembered by what was read]
A check is a pure function, so its result rests on nothing but the values that it read. When a rule is tried for the
first time, every field that it reads is written down in order with its value; the next facts are led along the same
fields, and where all their values were met before, the result is the same, whatever else is in them. Nobody has to say
which fields a check looks at, so nobody can forget one.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable
from dataclasses import dataclass, field
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import evaluate, quick
from tradecredit.core.decisions.facts import (
    CreditFacts,
    CustomerFacts,
    LineFacts,
    RatingFacts,
    ReceivableFacts,
    RequestFacts,
    WatchFacts,
)
from tradecredit.core.decisions.outcome import CheckResult
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.exposure.headroom import Headroom

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.decisions.policy import OrderControl

Room = Callable[[], Headroom]
Results = tuple[CheckResult, ...]

_OPENED: Final = frozenset(
    {
        CreditFacts,
        CustomerFacts,
        ExposureParts,
        Headroom,
        LineFacts,
        RatingFacts,
        ReceivableFacts,
        RequestFacts,
        WatchFacts,
    }
)
_ROOM: Final = "room"
# Beyond so many different results a rule is one that looks at amounts of money: remembering them would not help.
_MOST: Final = 5_000


@dataclass(frozen=True, slots=True)
class _Fork:
    """The next field to look at, and where its value leads."""

    read: Callable[[Any], Any]
    is_of_room: bool
    branches: dict[Any, _Fork | Known] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """What was told of facts with the same values."""

    told: Any


class Remembered:
    """What a pure function told of facts and room, found again by what it read; not shared between threads."""

    def __init__(self, *, most: int) -> None:
        """Remember so many different answers: where there are more, the values vary too much for it to pay."""
        self._root: _Fork | Known | None = None
        self._left = most

    @property
    def is_full(self) -> bool:
        """Tell whether nothing more is remembered."""
        return self._left <= 0

    def find(self, facts: CreditFacts, room: Room) -> Known | None:
        """Return what was told of facts like these, if it was."""
        found = self._root
        while isinstance(found, _Fork):
            try:
                found = found.branches.get(found.read(room() if found.is_of_room else facts))
            except TypeError:
                # A value that cannot be a key: nothing is remembered of such facts.
                return None
        return found

    def keep(self, reads: Mapping[str, Any], told: Any) -> None:
        """Remember what was told after these reads."""
        self._left -= 1
        try:
            hash(tuple(reads.values()))
        except TypeError:
            # As above.
            self._left = 0
            return
        below: _Fork | Known | None = self._root
        holder: dict[Any, _Fork | Known] | None = None
        key: Any = None
        for path, value in reads.items():
            if not isinstance(below, _Fork):
                below = _fork(path)
                if holder is None:
                    self._root = below
                else:
                    holder[key] = below
            holder, key = below.branches, value
            below = below.branches.get(value)
        if holder is None:
            self._root = Known(told)
        else:
            holder[key] = Known(told)


class Memory:
    """The rules of a policy with what each of them found before; not shared between threads."""

    def __init__(self, policy: OrderControl) -> None:
        """Begin with nothing remembered.

        Rules that look at no amount are remembered together, along the fields that any of them reads; the others
        one by one, so that what varies for one of them does not hide what was found for the rest.
        """
        steady = [place for place, rule in enumerate(policy.rules) if rule.check in quick.CONSTANT]
        others = [[place] for place in range(len(policy.rules)) if place not in set(steady)]
        self._count = len(policy.rules)
        self._parts = [
            (places, _Rules(dataclasses.replace(policy, rules=tuple(policy.rules[one] for one in places))))
            for places in (steady, *others)
            if places
        ]

    def results(self, facts: CreditFacts, room: Room) -> tuple[CheckResult, ...]:
        """Return a result for each rule, as `evaluate.results_of` does for facts without levels above the account."""
        found: dict[int, CheckResult] = {}
        for places, rules in self._parts:
            found.update(zip(places, rules.results(facts, room), strict=True))
        return tuple(found[place] for place in range(self._count))


class _Rules:
    def __init__(self, policy: OrderControl) -> None:
        self._policy = policy
        self._remembered = Remembered(most=_MOST)

    def results(self, facts: CreditFacts, room: Room) -> Results:
        known = self._remembered.find(facts, room)
        if known is not None:
            found: Results = known.told
            return found
        if self._remembered.is_full:
            return evaluate.results_of(facts, self._policy, room())
        reads: dict[str, Any] = {}
        traced_room: Any = _TracedRoom(room, reads)
        results = evaluate.results_of(traced(facts, reads), self._policy, traced_room)
        self._remembered.keep(reads, results)
        return results


def traced(facts: CreditFacts, reads: dict[str, Any]) -> CreditFacts:
    """Return the facts so that every field that somebody reads is written down with its value, in order."""
    found: Any = _Traced(facts, "", reads)
    real: CreditFacts = found
    return real


def _fork(path: str) -> _Fork:
    of_room = path.startswith(f"{_ROOM}.")
    return _Fork(attrgetter(path.removeprefix(f"{_ROOM}.") if of_room else path), of_room)


class _Traced:
    """A value of facts that writes down which of its fields are read."""

    __slots__ = ("_prefix", "_reads", "_real")

    def __init__(self, real: Any, prefix: str, reads: dict[str, Any]) -> None:
        self._real = real
        self._prefix = prefix
        self._reads = reads

    @property  # type: ignore[misc] # isinstance asks what it stands for
    def __class__(self) -> type:
        return type(self._real)

    def __getattr__(self, name: str) -> Any:
        how = getattr(type(self._real), name, None)
        if isinstance(how, property):
            return how.__get__(self)
        if isinstance(how, types.FunctionType):
            return types.MethodType(how, self)
        value = getattr(self._real, name)
        path = f"{self._prefix}{name}"
        if type(value) in _OPENED:
            return _Traced(value, f"{path}.", self._reads)
        self._reads[path] = value
        return value


class _TracedRoom:
    """The room, worked out only when something asks for it."""

    __slots__ = ("_reads", "_room")

    def __init__(self, room: Room, reads: dict[str, Any]) -> None:
        self._room = room
        self._reads = reads

    def __getattr__(self, name: str) -> Any:
        return getattr(_Traced(self._room(), f"{_ROOM}.", self._reads), name)
