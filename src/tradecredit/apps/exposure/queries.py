"""Read credit accounts, obligations and reservations as frozen values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

from tradecredit.apps.exposure.models import CreditAccount, ExposureEntry, Reservation, ReservationStatus
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from decimal import Decimal
    from uuid import UUID

Key = tuple["UUID", "UUID", str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A credit account and its balances by stage."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    currency: str
    ordered: Money
    delivered: Money
    billed: Money
    bill: Money
    unapplied: Money
    reserved: Money

    @property
    def key(self) -> Key:
        """Return what names the account: company, customer, currency."""
        return (self.company_id, self.customer_id, self.currency)

    @property
    def total(self) -> Money:
        """Return the sum of all stages and reservations."""
        return self.ordered + self.delivered + self.billed + self.bill + self.unapplied + self.reserved


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldRoom:
    """A reservation as it stands."""

    id: UUID
    account_id: UUID
    decision_id: UUID
    reference: str
    amount: Money
    status: str
    expires_at: datetime


def accounts_by_key(wanted: Iterable[Key]) -> dict[Key, Account]:
    """Return the accounts that exist, by company, customer and currency, with one statement."""
    keys = set(wanted)
    rows = CreditAccount.objects.filter(
        among("customer_id", {key[1] for key in keys}), company_id__in={key[0] for key in keys}
    )
    found = {account.key: account for account in map(_account, rows)}
    return {key: found[key] for key in keys if key in found}


def accounts_by_id(ids: Iterable[UUID]) -> dict[UUID, Account]:
    """Return the accounts by identifier, with one statement."""
    return {row.pk: _account(row) for row in CreditAccount.objects.filter(pk__in=set(ids))}


def accounts_of_customers(
    pairs: Iterable[tuple[UUID, UUID]],
) -> dict[tuple[UUID, UUID], tuple[Account, ...]]:
    """Return every account of customers by company and customer, in the order of currencies, with one statement."""
    wanted = set(pairs)
    rows = CreditAccount.objects.filter(
        company_id__in={company for company, _ in wanted},
        customer_id__in={customer for _, customer in wanted},
    ).order_by("currency")
    found: defaultdict[tuple[UUID, UUID], list[Account]] = defaultdict(list)
    for account in map(_account, rows):
        found[account.company_id, account.customer_id].append(account)
    return {pair: tuple(found[pair]) for pair in wanted if pair in found}


def accounts_of_customer(customer_id: UUID, *, company_id: UUID | None = None) -> tuple[Account, ...]:
    """Return every account of a customer in scope, by company and currency."""
    rows = CreditAccount.objects.filter(customer_id=customer_id)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return tuple(_account(row) for row in rows.order_by("company_id", "currency"))


def pending_reservations(pairs: Iterable[tuple[UUID, str]]) -> dict[tuple[UUID, str], HeldRoom]:
    """Return the pending reservations by account and reference, with one statement."""
    wanted = set(pairs)
    rows = Reservation.objects.filter(
        status=ReservationStatus.PENDING,
        account_id__in={account for account, _ in wanted},
        reference__in={reference for _, reference in wanted},
    ).select_related("account")
    found = {(row.account_id, row.reference): _held(row) for row in rows}
    return {pair: found[pair] for pair in wanted if pair in found}


def reservations_of_decisions(
    decided: Iterable[tuple[UUID, UUID, str]],
) -> dict[UUID, HeldRoom]:
    """Return the reservation that each decision (identifier, account, reference) made, if it made one."""
    wanted = {decision: (account, reference) for decision, account, reference in decided}
    # By account and reference, which an index knows, however many reservations there are.
    rows = Reservation.objects.filter(
        account_id__in={account for account, _ in wanted.values()},
        reference__in={reference for _, reference in wanted.values()},
        decision_id__in=wanted,
    ).select_related("account")
    return {row.decision_id: _held(row) for row in rows}


def due_reservations(*, company_id: UUID, moment: datetime, most: int = 1000) -> tuple[HeldRoom, ...]:
    """Return pending reservations whose time is over, oldest first."""
    rows = (
        Reservation.objects.filter(
            company_id=company_id, status=ReservationStatus.PENDING, expires_at__lte=moment
        )
        .select_related("account")
        .order_by("expires_at", "pk")[:most]
    )
    return tuple(_held(row) for row in rows)


def open_by_obligation(
    pairs: Iterable[tuple[UUID, str]],
) -> Mapping[tuple[UUID, str], Mapping[str, Decimal]]:
    """Return what stands of each obligation by stage, keyed by account and obligation, with one statement."""
    wanted = set(pairs)
    result: dict[tuple[UUID, str], dict[str, Decimal]] = defaultdict(dict)
    if not wanted:
        return result
    rows = (
        ExposureEntry.objects.filter(
            account_id__in={account for account, _ in wanted},
            obligation__in={obligation for _, obligation in wanted},
        )
        .values_list("account_id", "obligation", "stage")
        .annotate(amount=Sum("amount"))
        .order_by()
    )
    for account_id, obligation, stage, amount in rows:
        if (account_id, obligation) in wanted and amount:
            result[account_id, obligation][stage] = amount
    return result


def obligations_in_order(account_ids: Iterable[UUID]) -> dict[UUID, tuple[str, ...]]:
    """Return what each account's entries stand for, in the order in which they were appended."""
    wanted = set(account_ids)
    found: defaultdict[UUID, list[str]] = defaultdict(list)
    rows = ExposureEntry.objects.filter(account_id__in=wanted).order_by("account_id", "sequence")
    for account_id, obligation in rows.values_list("account_id", "obligation"):
        found[account_id].append(obligation)
    return {account: tuple(found[account]) for account in wanted}


def _account(row: CreditAccount) -> Account:
    def money(amount: Decimal) -> Money:
        return Money(amount, row.currency)

    return Account(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        currency=row.currency,
        ordered=money(row.ordered),
        delivered=money(row.delivered),
        billed=money(row.billed),
        bill=money(row.bill),
        unapplied=money(row.unapplied),
        reserved=money(row.reserved),
    )


def _held(row: Reservation) -> HeldRoom:
    return HeldRoom(
        id=row.pk,
        account_id=row.account_id,
        decision_id=row.decision_id,
        reference=row.reference,
        amount=Money(row.amount, row.account.currency),
        status=row.status,
        expires_at=row.expires_at,
    )
