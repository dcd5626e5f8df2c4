"""A policy's own table in the quick verdict: what does not vary is looked up once, the rest compared in whole numbers.

Note [Shares without division]
The ordinary reading divides to 34 digits; here a share is compared crosswise. Both agree as long as no share can lie so
close to a bound of the table that the rounding crosses it, which bounds of few digits rule out; others are left to the
ordinary evaluation.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import pieces
from tradecredit.core.decision_tables.pieces import Kind
from tradecredit.core.decisions import check_tables, comparisons, declared_facts
from tradecredit.core.decisions.outcome import CheckState
from tradecredit.core.kernel.limit import Amount, Unlimited
from tradecredit.core.kernel.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from decimal import Decimal

    from tradecredit.core.decision_tables.named_table import NamedTable
    from tradecredit.core.decisions.check_tables import CheckTable
    from tradecredit.core.decisions.comparisons import Comparison
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Finding
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom

    # Amount, exposure, what is left → a fraction, its denominator above zero.
    Figure = Callable[[int, int, int], tuple[int, int]]
    Lookup = Callable[[int, int, int], int]
    # Amount, exposure, what is left → what the table asks for, None where it lets pass.
    Verdict = Callable[[int, int, int | None], Outcome | None]

_UNITS: Final = 10_000
_MOST_OF_A_SHARE: Final = 1_000
_FINEST_SHARE: Final = 10**6


def is_settled(rule: Rule, finding: Finding) -> bool:
    """Tell whether what the table says holds for every amount: it looks at none, or cannot look at all."""
    if rule.table is None:
        return False
    varies = any(declared_facts.BY_NAME[name].varies for name in rule.table.names)
    could_not = finding.sentence == "table.missing" or finding.state is CheckState.NOT_APPLICABLE
    return could_not or not varies


def compared(
    rule: Rule, facts: CreditFacts, room: Headroom, *, most: Outcome
) -> tuple[tuple[Outcome, Comparison], ...] | None:
    """Return, for each outcome but passing, the comparison that tells whether the table comes to it.

    The facts are those of an order of some amount above zero. None where only the ordinary evaluation can tell.
    """
    found = _verdict(rule, facts, room, most=most)
    if found is None:
        return None
    possible, outcome = found
    # Where every row that is left lets pass, the check was made all the same: it is compared, and never fails.
    failing = sorted(one for one in possible if one is not None) or [Outcome.APPROVE]
    return tuple((one, _comes_to(one, outcome)) for one in failing)


def verdict(rule: Rule, facts: CreditFacts, room: Headroom, *, most: Outcome) -> Verdict | None:
    """Return what the table asks for, looked up once for all outcomes: None of it lets pass.

    Says the same as all of `compared` together; None in place of it where only the ordinary evaluation can tell.
    """
    found = _verdict(rule, facts, room, most=most)
    return None if found is None else found[1]


def _verdict(
    rule: Rule, facts: CreditFacts, room: Headroom, *, most: Outcome
) -> tuple[set[Outcome | None], Verdict] | None:
    """Return which outcomes the table can come to, and the lookup of the one that it does."""
    asked = rule.table
    if asked is None or asked.table.quick is None:
        return None
    lookups = _lookups(asked.table, facts, room)
    if lookups is None:
        return None
    settled, varying = lookups
    outcomes = _outcomes(asked, most)
    unknown = min(rule.on_unknown, most)
    is_unique = asked.table.table.hit_policy == "UNIQUE"
    rows = len(asked.table.table.rules)
    default = outcomes[-1] if is_unique and len(outcomes) > rows else unknown

    def outcome(amount: int, exposure: int, left: int | None) -> Outcome | None:
        alive = settled
        for rows_of in varying:
            alive &= rows_of(amount, exposure, left or 0)
        if not alive:
            return default
        lowest = alive & -alive
        return unknown if is_unique and alive != lowest else outcomes[lowest.bit_length() - 1]

    possible = {one for place, one in enumerate(outcomes) if settled >> place & 1 or place >= rows}
    if not _is_total(asked.table):
        possible.add(unknown)
    return possible, outcome


def _is_total(table: NamedTable) -> bool:
    """Tell whether some row always answers: the first that fits does, and the last fits everything."""
    written = table.table
    return written.hit_policy == "FIRST" and all(
        test.strip() in {"", "-"} for test in written.rules[-1].tests
    )


def _comes_to(wanted: Outcome, outcome: Verdict) -> Comparison:
    return lambda amount, exposure, left: outcome(amount, exposure, left) is wanted


def _outcomes(asked: CheckTable, most: Outcome) -> list[Outcome | None]:
    """Return what each row asks for, bounded; None for a row that lets pass."""
    found: list[Outcome | None] = []
    for word in asked.outcomes:
        one = check_tables.ASKED[word]
        found.append(None if one is Outcome.APPROVE else min(one, most))
    return found


def _lookups(table: NamedTable, facts: CreditFacts, room: Headroom) -> tuple[int, list[Lookup]] | None:
    """Return the rows that what does not vary leaves alive, and how the rest is looked up."""
    assert table.quick is not None  # noqa: S101 -- the caller has made sure
    settled, varying = table.quick.all_rows, []
    for place, (name, rows_of) in enumerate(table.quick.lookups):
        fact = declared_facts.BY_NAME[name]
        if not fact.varies:
            settled &= rows_of(fact.read(facts, room))
            continue
        lookup = _lookup(table, place, fact.name, room)
        if lookup is None:
            return None
        varying.append(lookup)
    return settled, varying


def _lookup(table: NamedTable, place: int, name: str, room: Headroom) -> Lookup | None:
    clause, cells = table.table.inputs[place], tuple(rule.tests[place] for rule in table.table.rules)
    if all(cell.strip() in {"", "-"} for cell in cells):
        return lambda _amount, _exposure, _left: -1
    column, figure = pieces.cut(clause, cells), _figure(name, room)
    if column is None or column.kind is not Kind.NUMBER or figure is None:
        return None
    cuts = [piece.low for piece in column.pieces if piece.is_point]
    if declared_facts.BY_NAME[name].unit == "share" and not _are_coarse(cuts):
        return None
    return _looked_up(figure, cuts, [piece.rows for piece in column.pieces])


def _looked_up(figure: Figure, cuts: Sequence[Decimal], rows: Sequence[int]) -> Lookup:
    """Return the lookup of a fraction among bounds; see Note [Shares without division]."""
    ratios = [cut.as_integer_ratio() for cut in cuts]
    if figure(0, 0, 0)[1] == _UNITS and all(_UNITS % bound[1] == 0 for bound in ratios):
        return _counted(figure, [part * (_UNITS // whole) for part, whole in ratios], rows)

    def rows_of(amount: int, exposure: int, left: int) -> int:
        part, whole = figure(amount, exposure, left)
        place = bisect_left(ratios, 0, key=lambda bound: bound[0] * whole - part * bound[1])
        is_cut = place < len(ratios) and ratios[place][0] * whole == part * ratios[place][1]
        return rows[2 * place + 1 if is_cut else 2 * place]

    return rows_of


def _counted(figure: Figure, bounds: Sequence[int], rows: Sequence[int]) -> Lookup:
    """Return the lookup of an amount among bounds that are whole ten-thousandths."""

    def rows_of(amount: int, exposure: int, left: int) -> int:
        part = figure(amount, exposure, left)[0]
        place = bisect_left(bounds, part)
        is_cut = place < len(bounds) and bounds[place] == part
        return rows[2 * place + 1 if is_cut else 2 * place]

    return rows_of


def _are_coarse(cuts: Sequence[Decimal]) -> bool:
    return all(cut <= _MOST_OF_A_SHARE and cut.as_integer_ratio()[1] <= _FINEST_SHARE for cut in cuts)


def _figure(name: str, room: Headroom) -> Figure | None:
    """Return how a fact follows from amount, exposure and what is left, in ten-thousandths."""
    if isinstance(room.limit, Unlimited) and name in {"over", "utilisation", "share_of_available"}:
        return lambda _amount, _exposure, _left: (0, 1)
    line = comparisons.floor_units(room.limit.money.amount) if isinstance(room.limit, Amount) else 0
    figures: dict[str, Figure] = {
        "amount": lambda amount, _exposure, _left: (amount, _UNITS),
        "exposure_after": lambda amount, exposure, _left: (amount + exposure, _UNITS),
        "available": lambda _amount, _exposure, left: (left, _UNITS),
        # Without a line nothing is left of it, and all of the document is over.
        "over": lambda amount, _exposure, left: (max(amount - left, 0), _UNITS),
        "utilisation": lambda amount, exposure, _left: _share(amount + exposure, line),
        "share_of_available": lambda amount, _exposure, left: _share(amount, left),
    }
    return figures.get(name)


def _share(part: int, whole: int) -> tuple[int, int]:
    if whole > 0:
        return part, whole
    return (int(declared_facts.MOST_TIMES) if part > 0 else 0), 1
