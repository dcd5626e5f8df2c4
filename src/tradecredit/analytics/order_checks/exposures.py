"""The exposure of a customer as people look at it: each account with its line, its stages and its headroom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.order_checks import lines, securities, standings
from tradecredit.apps.decisions import policies
from tradecredit.apps.exposure import queries
from tradecredit.core.decisions import policy
from tradecredit.core.exposure import headroom
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.order_checks.securities import Securities
    from tradecredit.analytics.order_checks.standings import Standing
    from tradecredit.core.exposure.headroom import Headroom
    from tradecredit.core.exposure.measure import MeasurePolicy


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountExposure:
    """One credit account on a day: every stage, and the equation that policy makes of them."""

    account_id: UUID
    company_id: UUID
    customer_id: UUID
    currency: str
    parts: ExposureParts
    room: Headroom


def of_customer(
    *, customer_id: UUID, company_id: UUID, as_of: date, extra_currency: str | None = None
) -> tuple[AccountExposure, ...]:
    """Return the accounts of a customer in one company, by currency.

    ``extra_currency`` adds the account of that currency when nothing has been posted to it yet. Raises
    UnableToFindPolicyError.
    """
    accounts = {
        account.currency: account
        for account in queries.accounts_of_customer(customer_id, company_id=company_id)
    }
    currencies = sorted({*accounts, *([extra_currency] if extra_currency else [])})
    keys = {(company_id, customer_id, currency) for currency in currencies}
    standing = standings.of_accounts(keys, as_of=as_of)
    beside = securities.of_accounts(keys, as_of=as_of)
    document = policies.in_force(company_id=company_id, as_of=as_of).document
    measure = policy.parse(document["order_control"]).measure
    return tuple(
        _exposure(
            accounts.get(currency) or _empty(company_id, customer_id, currency),
            standing=standing[company_id, customer_id, currency],
            beside=beside[company_id, customer_id, currency],
            measure=measure,
            as_of=as_of,
        )
        for currency in currencies
    )


def _exposure(
    account: queries.Account,
    *,
    standing: Standing,
    beside: Securities,
    measure: MeasurePolicy,
    as_of: date,
) -> AccountExposure:
    currency = account.currency
    line = lines.line_facts(standing, currency=currency, reference="")
    parts = beside.added_to(_parts(account, disputed=Money(standing.disputed_amount, currency)))
    room = headroom.headroom(
        base=line.base_on(as_of),
        temporary=line.temporary_on(as_of),
        parts=parts,
        policy=measure,
        prepaid=Money.zero(currency),
    )
    return AccountExposure(
        account_id=account.id,
        company_id=account.company_id,
        customer_id=account.customer_id,
        currency=currency,
        parts=parts,
        room=room,
    )


def _parts(account: queries.Account, *, disputed: Money) -> ExposureParts:
    return ExposureParts(
        ordered=account.ordered,
        delivered=account.delivered,
        billed=account.billed,
        bill=account.bill,
        unapplied=account.unapplied,
        reserved=account.reserved,
        disputed=disputed,
    )


def _empty(company_id: UUID, customer_id: UUID, currency: str) -> queries.Account:
    zero = Money.zero(currency)
    return queries.Account(
        # Never stored: the account is opened by the first thing that is posted to it.
        id=customer_id,
        company_id=company_id,
        customer_id=customer_id,
        currency=currency,
        ordered=zero,
        delivered=zero,
        billed=zero,
        bill=zero,
        unapplied=zero,
        reserved=zero,
    )
