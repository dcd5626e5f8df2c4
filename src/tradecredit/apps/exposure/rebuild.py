"""Rebuild balances from entries and reservations beside live traffic: in parts, each one statement on one snapshot.

Note [Verified online]
An account's row, its entries and its reservations change in one transaction, so that a single statement sees them
agree at any moment, however much is being written. Nothing is locked: readers of PostgreSQL wait for nobody. A part is as
many accounts as hold a bounded number of entries, so that no snapshot is kept for long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import connection

from tradecredit.apps.exposure.models import Stage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from decimal import Decimal
    from uuid import UUID

_ENTRIES_A_PART: Final = 50_000
_ACCOUNTS_A_PART: Final = 5_000
_ACCOUNTS_A_PAGE: Final = 50_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """A balance that differs from the sum of its entries (or reservations)."""

    account_id: UUID
    stage: str
    balance: Decimal
    from_entries: Decimal

    @property
    def difference(self) -> Decimal:
        """Return by how much the balance is off."""
        return self.balance - self.from_entries


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What a part of the accounts was found to be; ``broken`` names the first bad entry of an account."""

    accounts: int
    entries: int
    drifts: tuple[Drift, ...] = ()
    broken: tuple[tuple[UUID, int], ...] = ()


def parts(*, company_id: UUID | None = None) -> Iterator[tuple[UUID, ...]]:
    """Walk all accounts in scope, in order, as many at a time as one statement should rebuild."""
    after: UUID | None = None
    part: list[UUID] = []
    entries = 0
    while page := _page(after, company_id):
        for account_id, count in page:
            if part and (entries + count > _ENTRIES_A_PART or len(part) >= _ACCOUNTS_A_PART):
                yield tuple(part)
                part, entries = [], 0
            part.append(account_id)
            entries += count
        after = page[-1][0]
    if part:
        yield tuple(part)


def compare(account_ids: Sequence[UUID]) -> Compared:
    """Rebuild the accounts with one statement; see Note [Verified online]."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE, {"ids": list(account_ids)})
        rows = cursor.fetchall()
    drifts = [
        Drift(account_id=row[0], stage=stage, balance=balance, from_entries=rebuilt)
        for row in rows
        for stage, balance, rebuilt in zip(_FIGURES, row[3 : 3 + _WIDTH], row[3 + _WIDTH :], strict=True)
        if balance != rebuilt
    ]
    return Compared(
        accounts=len(rows),
        entries=sum(row[1] for row in rows),
        drifts=tuple(drifts),
        broken=tuple((row[0], row[2]) for row in rows if row[2] is not None),
    )


def _page(after: UUID | None, company_id: UUID | None) -> list[tuple[UUID, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, entry_count FROM exposure_creditaccount"
            " WHERE (%(after)s::uuid IS NULL OR id > %(after)s::uuid)"
            " AND (%(company)s::uuid IS NULL OR company_id = %(company)s::uuid) ORDER BY id LIMIT %(most)s",
            {"after": after, "company": company_id, "most": _ACCOUNTS_A_PAGE},
        )
        return list(cursor.fetchall())


_FIGURES: Final = (*Stage.values, "reserved")
_WIDTH: Final = len(_FIGURES)
_SUMS: Final = ", ".join(
    f"coalesce(sum(amount) FILTER (WHERE stage = '{stage}'), 0) AS {stage}" for stage in Stage.values
)
_STORED: Final = ", ".join(f"a.{figure}" for figure in _FIGURES)
_REBUILT: Final = ", ".join(f"coalesce(r.{stage}, 0)" for stage in Stage.values)

# The chain of an account is whole when every entry carries the hash of the one before it, from 1 on without a gap,
# and the account's own row carries the last hash and the count; the first entry that does not fit is named.
_COMPARE: Final = f"""
WITH walked AS (
    SELECT account_id, sequence, stage, amount, hash,
        sequence <> row_number() OVER chain OR hash <> exposure_entry_hash(
            lag(hash, 1, repeat('0', 64)) OVER chain, account_id, sequence, stage, amount, obligation,
            effective_date, recorded_at) AS is_broken
    FROM exposure_exposureentry WHERE account_id = ANY (%(ids)s)
    WINDOW chain AS (PARTITION BY account_id ORDER BY sequence)
), rebuilt AS (
    SELECT account_id, count(*) AS entries, min(sequence) FILTER (WHERE is_broken) AS broken,
        max(sequence) AS last, {_SUMS}
    FROM walked GROUP BY account_id
), held AS (
    SELECT account_id, sum(amount) AS reserved FROM exposure_reservation
    WHERE account_id = ANY (%(ids)s) AND status = 'pending' GROUP BY account_id
)
SELECT a.id, coalesce(r.entries, 0),
    coalesce(r.broken, CASE WHEN a.entry_count <> coalesce(r.entries, 0) THEN coalesce(r.last, 0) + 1
        WHEN a.entry_count > 0 AND a.latest_hash <> head.hash THEN r.last END),
    {_STORED}, {_REBUILT}, coalesce(h.reserved, 0)
FROM exposure_creditaccount a
LEFT JOIN rebuilt r ON r.account_id = a.id
LEFT JOIN held h ON h.account_id = a.id
LEFT JOIN exposure_exposureentry head ON head.account_id = a.id AND head.sequence = a.entry_count
WHERE a.id = ANY (%(ids)s)
ORDER BY a.id
"""
