"""Ties between parties: ultimate controllers, guarantee rings, broken links, and what is at risk when one fails.

A tie goes ``source → target``: the source owns, controls, answers for or sits in the target. Parties are named by
texts: a customer's code, or ``name:…`` for somebody who is no customer.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

TieKind = Literal[
    "parent", "shareholder", "controller", "guarantee", "person", "address", "phone", "supplies"
]

LABELS: Final = {
    "parent": Words(zh="上级公司", en="parent of"),
    "shareholder": Words(zh="股东", en="holds shares of"),
    "controller": Words(zh="实际控制", en="controls"),
    "guarantee": Words(zh="担保", en="answers for"),
    "person": Words(zh="任职", en="is an officer of"),
    "address": Words(zh="同一地址", en="same address as"),
    "phone": Words(zh="同一电话", en="same telephone as"),
    "supplies": Words(zh="供货", en="supplies"),
}
# What people may record by hand: the other kinds follow from master data and facts.
RECORDED: Final[tuple[TieKind, ...]] = ("shareholder", "controller", "guarantee", "person", "supplies")
_HALF: Final = Decimal("0.5")
_STEPS_MAX: Final = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """One tie with where it is known from and since when."""

    source: str
    target: str
    kind: TieKind
    share: Decimal | None = None
    amount: Decimal | None = None
    evidence: str = ""
    since: date | None = None
    ends: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Parties that answer for one another in a ring: if one fails, the others answer for nothing."""

    parties: tuple[str, ...]
    ties: tuple[Tie, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """A guarantee on which nobody can rely, with the path to it and why."""

    tie: Tie
    path: tuple[str, ...]
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A party that is reached when another fails: by which ties, after how many steps."""

    party: str
    steps: int
    path: tuple[Tie, ...]


def around(*, ties: Sequence[Tie], centre: str, steps: int) -> tuple[Tie, ...]:
    """Return the ties within so many steps of a party, whichever way they go."""
    by_party: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        by_party[tie.source].append(tie)
        by_party[tie.target].append(tie)
    seen, rim = {centre}, {centre}
    found: dict[Tie, None] = {}
    for _ in range(steps):
        reached: set[str] = set()
        for party in sorted(rim):
            for tie in by_party[party]:
                found[tie] = None
                reached |= {tie.source, tie.target}
        rim = reached - seen
        seen |= rim
    return tuple(found)


def controllers(*, ties: Sequence[Tie], party: str) -> tuple[tuple[str, Decimal], ...]:
    """Return who stands at the top above a party with the share that reaches down, the largest first.

    Shares are multiplied along a path and added over paths; a stated controller, a parent and more than half count as
    all. 60 % of 60 % is 100 % in control of the whole, and 36 % of its profit: control is what is asked here.
    """
    above: defaultdict[str, list[tuple[str, Decimal]]] = defaultdict(list)
    for tie in ties:
        if tie.kind in ("controller", "parent"):
            above[tie.target].append((tie.source, Decimal(1)))
        elif tie.kind == "shareholder" and tie.share is not None:
            above[tie.target].append((tie.source, Decimal(1) if tie.share > _HALF else tie.share))
    tops: defaultdict[str, Decimal] = defaultdict(Decimal)
    trail: deque[tuple[str, Decimal, frozenset[str]]] = deque([(party, Decimal(1), frozenset({party}))])
    while trail:
        at, share, seen = trail.popleft()
        holders = [(holder, part) for holder, part in above[at] if holder not in seen]
        if not holders and at != party:
            tops[at] = min(tops[at] + share, Decimal(1))
        if len(seen) <= _STEPS_MAX:
            trail.extend((holder, share * part, seen | {holder}) for holder, part in holders)
    return tuple(sorted(tops.items(), key=lambda found: (-found[1], found[0])))


def rings(*, ties: Sequence[Tie]) -> tuple[Ring, ...]:
    """Return the guarantee rings, each once, the shortest first: A for B, B for C, C for A."""
    answers: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.kind == "guarantee":
            answers[tie.source].append(tie)
    found: dict[frozenset[str], Ring] = {}
    for start in sorted(answers):
        trail: deque[tuple[str, tuple[Tie, ...]]] = deque([(start, ())])
        while trail:
            at, path = trail.popleft()
            for tie in answers.get(at, ()):
                if tie.target == start:
                    members = frozenset((start, *(one.target for one in path)))
                    found.setdefault(
                        members,
                        Ring(parties=(start, *(one.target for one in path)), ties=(*path, tie)),
                    )
                elif (
                    tie.target > start
                    and len(path) < _STEPS_MAX
                    and all(tie.target != one.target for one in path)
                ):
                    trail.append((tie.target, (*path, tie)))
    return tuple(sorted(found.values(), key=lambda ring: (len(ring.parties), ring.parties)))


def broken(
    *, ties: Sequence[Tie], troubled: Mapping[str, Words], as_of: date, centre: str
) -> tuple[Broken, ...]:
    """Return the guarantees for a party, and for those who answer for it, on which nobody can rely any more.

    A guarantee is broken when it has ended, when who gives it is in trouble (``troubled`` says why), or when it is part
    of a ring.
    """
    in_rings = {tie for ring in rings(ties=ties) for tie in ring.ties}
    backers: defaultdict[str, list[Tie]] = defaultdict(list)
    for tie in ties:
        if tie.kind == "guarantee":
            backers[tie.target].append(tie)
    found: list[Broken] = []
    seen = {centre}
    trail: deque[tuple[str, tuple[str, ...]]] = deque([(centre, (centre,))])
    while trail:
        at, path = trail.popleft()
        for tie in backers[at]:
            words = _why_broken(tie, troubled, as_of, is_in_ring=tie in in_rings)
            if words is not None:
                found.append(Broken(tie=tie, path=(*path, tie.source), words=words))
            if tie.source not in seen:
                seen.add(tie.source)
                trail.append((tie.source, (*path, tie.source)))
    return tuple(found)


def _why_broken(tie: Tie, troubled: Mapping[str, Words], as_of: date, *, is_in_ring: bool) -> Words | None:
    if tie.ends is not None and tie.ends <= as_of:
        return Words(zh=f"担保已于 {tie.ends} 到期", en=f"the guarantee ended on {tie.ends}")
    if tie.source in troubled:
        return troubled[tie.source]
    if is_in_ring:
        return Words(
            zh="互保圈：担保人最终依赖被担保人", en="a ring: who answers depends on whom it answers for"
        )
    return None


def contagion(*, ties: Iterable[Tie], failed: str) -> tuple[Hit, ...]:
    """Return whom the failure of a party reaches: who answers for it, whom it owns or supplies, and so on.

    Guarantors pay for the failed; what the failed guarantees is bare; companies below it and those of the same
    controller lose their backing. Persons, telephones and addresses in common carry nothing by themselves.
    """
    reach: defaultdict[str, list[tuple[str, Tie]]] = defaultdict(list)
    for tie in ties:
        if tie.kind in ("parent", "controller", "shareholder", "supplies"):
            reach[tie.source].append((tie.target, tie))
        elif tie.kind == "guarantee":
            reach[tie.target].append((tie.source, tie))
            reach[tie.source].append((tie.target, tie))
    hits: dict[str, Hit] = {}
    trail: deque[tuple[str, tuple[Tie, ...]]] = deque([(failed, ())])
    while trail:
        at, path = trail.popleft()
        for party, tie in reach[at]:
            if party != failed and party not in hits:
                hits[party] = Hit(party=party, steps=len(path) + 1, path=(*path, tie))
                trail.append((party, (*path, tie)))
    return tuple(sorted(hits.values(), key=lambda hit: (hit.steps, hit.party)))
