"""Overlaps: which entries of a statement are in the books already, and which equal ones are genuinely new.

Two final statements of a bank never hold the same entry; exports, intraday reports and notifications may repeat what
another one holds. Equal entries are therefore counted: three in the file and two known leave one new.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.cash_application.statements import StatementKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What of a statement tells whether another one can repeat its entries."""

    kind: StatementKind
    format: str
    number: str
    opening: Decimal | None
    closing: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry in the books: its count among equal ones, and the statements in which it was seen."""

    occurrence: int
    seen_in: tuple[Frame, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """Where an entry belongs: ``occurrence`` among equal ones, and whether the books have it already."""

    fingerprint: str
    occurrence: int
    is_known: bool


def place(
    *, fingerprints: Sequence[str], frame: Frame, known: Mapping[str, Sequence[KnownEntry]]
) -> tuple[Placed, ...]:
    """Return the place of each entry of a statement, in its order.

    Equal entries A, A with one A known from an overlapping export: the first is known, the second is new. With the A
    known from another final statement only, both are new.
    """
    free = {
        key: [entry.occurrence for entry in entries if not _is_elsewhere(entry, frame)]
        for key, entries in known.items()
    }
    latest = {key: max(entry.occurrence for entry in entries) for key, entries in known.items() if entries}
    placed = []
    for key in fingerprints:
        repeated = free.get(key)
        if repeated:
            placed.append(Placed(fingerprint=key, occurrence=repeated.pop(0), is_known=True))
            continue
        latest[key] = latest.get(key, 0) + 1
        placed.append(Placed(fingerprint=key, occurrence=latest[key], is_known=False))
    return tuple(placed)


def are_apart(one: Frame, other: Frame) -> bool:
    """Tell whether two statements cannot hold the same entry.

    Both are final statements with balances, of one format, and either numbered differently without being the same
    one sent again, or the one opens where the other closes.
    """
    if not (_is_final(one) and _is_final(other) and one.format == other.format):
        return False
    follows = one.opening == other.closing or other.opening == one.closing
    is_flat = one.opening == one.closing or other.opening == other.closing
    is_sent_again = (one.opening, one.closing) == (other.opening, other.closing)
    return (one.number != other.number and not is_sent_again) or (follows and not is_flat)


def _is_elsewhere(entry: KnownEntry, frame: Frame) -> bool:
    return any(are_apart(seen, frame) for seen in entry.seen_in)


def _is_final(frame: Frame) -> bool:
    return frame.kind is StatementKind.STATEMENT and None not in (frame.opening, frame.closing)
