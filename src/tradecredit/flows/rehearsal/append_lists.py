"""Use accounts of throw-away books as lists: entries of a ledger are appended and read under the locks of every flow."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.exposure import locks, operations, queries
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.flows.rehearsal.fill_books import Owner
    from tradecredit.plumbing.access import Actor

_MARK: Final = "list:"
_CENT: Final = Decimal("0.01")


def transact(
    *, reads: Sequence[UUID], appends: Mapping[UUID, int], actor: Actor
) -> dict[UUID, tuple[int, ...]]:
    """Read lists and append one value to others in one transaction, all of them locked first; returns what was read.

    Raises UnableToLockAccountError.
    """
    with db.unit_of_work(actor):
        locks.lock_accounts({*reads, *appends})
        seen = {account: _values(names) for account, names in queries.obligations_in_order(reads).items()}
        operations.post(
            entries=[
                operations.NewEntry(
                    account_id=account,
                    stage="billed",
                    amount=_CENT,
                    obligation=f"{_MARK}{value}",
                    cause="proof",
                    cause_id=None,
                    effective_date=clock.now().date(),
                )
                for account, value in appends.items()
            ]
        )
        return seen


def lists(owner: Owner, *, accounts: Iterable[UUID]) -> dict[UUID, tuple[int, ...]]:
    """Return every list as it stands, looked at from outside the application."""
    rows = owner.rows(
        "SELECT account_id, array_agg(obligation ORDER BY sequence) FROM exposure_exposureentry"
        " WHERE account_id = ANY (%(ids)s) GROUP BY account_id",
        ids=list(accounts),
    )
    return {account: _values(names) for account, names in rows}


def _values(names: Iterable[str]) -> tuple[int, ...]:
    return tuple(int(name.removeprefix(_MARK)) for name in names if name.startswith(_MARK))
