"""The one door to balances: open accounts, post movements, keep and give back headroom.

Everything here joins the caller's transaction; the database functions behind it lock accounts in sorted order.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from django.db import connection

from tradecredit.apps.exposure import queries
from tradecredit.plumbing import clock, db, failpoints, ids
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.models import ReservationStatus, Stage
    from tradecredit.apps.exposure.queries import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One movement: the signed amount that an obligation adds to (or takes from) a stage of an account."""

    account_id: UUID
    stage: Stage | str
    amount: Decimal
    obligation: str
    cause: str
    cause_id: UUID | None
    effective_date: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelCeiling:
    """What a level above the account may reach, in its own currency, summed at the rates given.

    ``node_id`` names a level; None stands for the accounts that share one line.
    """

    node_id: UUID | None
    account_ids: tuple[UUID, ...]
    ceiling: Decimal
    rates: Mapping[str, Decimal]
    day: date

    def as_row(self) -> dict[str, Any]:
        """Return the ceiling as the database function takes it."""
        return {
            "node": None if self.node_id is None else str(self.node_id),
            "accounts": [str(account) for account in self.account_ids],
            "ceiling": f"{self.ceiling:f}",
            "rates": {currency: f"{rate:f}" for currency, rate in self.rates.items()},
            "on_day": self.day.isoformat(),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReservation:
    """Room wanted for a document; ``ceiling`` (None: no limit) is what the account may reach with it.

    ``levels`` are the ceilings of the levels above the account.
    """

    account_id: UUID
    decision_id: UUID
    reference: str
    amount: Decimal
    ceiling: Decimal | None
    expires_at: datetime
    levels: tuple[LevelCeiling, ...] = ()


def open_accounts(*, wanted: Iterable[Key]) -> dict[Key, UUID]:
    """Return the account of each (company, customer, currency), creating those that are missing."""
    db.transaction_required()
    keys = sorted(set(wanted), key=str)
    found = queries.accounts_by_key(keys)
    missing = [key for key in keys if key not in found]
    if missing:
        _open(missing)
        found = queries.accounts_by_key(keys)
    return {key: found[key].id for key in keys}


def post(*, entries: Sequence[NewEntry]) -> None:
    """Append movements and move the balances by the same amounts, with one call of the database for all of them.

    The database refuses a balance that leaves its range (a stage below zero, unapplied above zero).
    """
    db.transaction_required()
    moving = [entry for entry in entries if entry.amount]
    if not moving:
        return
    moment = clock.now().isoformat()
    plain, marked = (partial(portions.array, quoted=is_text) for is_text in (False, True))
    _call(
        "SELECT exposure_post_portion(%s::uuid[], %s::uuid[], %s::text[], %s::numeric[], %s::text[], %s::text[],"
        " %s::uuid[], %s::date[], %s::timestamptz[])",
        [
            plain(sorted(ids.new_texts(len(moving)))),
            plain([entry.account_id for entry in moving]),
            plain([entry.stage for entry in moving]),
            plain([entry.amount for entry in moving]),
            marked([entry.obligation for entry in moving]),
            marked([entry.cause for entry in moving]),
            plain([entry.cause_id for entry in moving]),
            plain([entry.effective_date for entry in moving]),
            marked([moment] * len(moving)),
        ],
    )


def reserve(*, wanted: Sequence[NewReservation]) -> dict[UUID, UUID]:
    """Keep room for documents, in the order given.

    Returns the reservation of each decision whose room was kept; a document that would pass its ceiling gets none,
    whatever the code above believed.
    """
    db.transaction_required()
    if not wanted:
        return {}
    # Without the lock the verdict is not to be trusted, and the ceiling would hide it; see Note [Failpoints].
    has_ceiling = not failpoints.is_switched_off("skip-lock")
    moment = clock.now().isoformat()
    identifiers = {item.decision_id: ids.new_id() for item in wanted}
    rows = [
        {
            "id": str(identifiers[item.decision_id]),
            "account_id": str(item.account_id),
            "decision_id": str(item.decision_id),
            "reference": item.reference,
            "amount": f"{item.amount:f}",
            "ceiling": f"{item.ceiling:f}" if item.ceiling is not None and has_ceiling else None,
            "expires_at": item.expires_at.isoformat(),
            "created_at": moment,
            "levels": [level.as_row() for level in item.levels if has_ceiling],
        }
        for item in wanted
    ]
    kept = set(_call("SELECT exposure_reserve(%s::jsonb)", [json.dumps(rows)]))
    return {decision: found for decision, found in identifiers.items() if found in kept}


def end_reservations(*, reservation_ids: Iterable[UUID], status: ReservationStatus | str) -> frozenset[UUID]:
    """End pending reservations (posted, released, expired) and give their room back; returns those that ended."""
    db.transaction_required()
    wanted = sorted(set(reservation_ids))
    if not wanted:
        return frozenset()
    return frozenset(
        _call(
            "SELECT exposure_end_reservations(%s::uuid[], %s, %s)",
            [wanted, str(status), clock.now()],
        )
    )


def _open(keys: Sequence[Key]) -> None:
    moment = clock.now().isoformat()
    rows = [
        {
            "id": str(ids.new_id()),
            "company_id": str(company),
            "customer_id": str(customer),
            "currency": currency,
            "opened_at": moment,
        }
        for company, customer, currency in keys
    ]
    _call("SELECT exposure_open_accounts(%s::jsonb)", [json.dumps(rows)])


def _call(sql: str, parameters: Sequence[Any]) -> list[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]
