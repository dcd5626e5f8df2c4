"""A customer's line in one currency, used by its accounts in currencies that have no line of their own."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.analytics.order_checks import securities, standings
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.limits import queries as limits
from tradecredit.core.exposure.components import ExposureParts
from tradecredit.core.kernel.limit import Amount, NotSet
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.exposure.queries import Account
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.core.limits.validity import Effective


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedLine:
    """One line and the accounts that use it, its own among them."""

    currency: str
    name: str
    limit: Limit
    members: tuple[Account, ...]


def of_accounts(
    accounts: Sequence[Account], *, families: Mapping[UUID, Sequence[Account]], as_of: date
) -> dict[UUID, SharedLine]:
    """Return the shared line of each account that shares one.

    A customer with a line of 1,000,000 CNY and none in USD orders in USD: both currencies use the line in CNY. Of
    several lines the one in the customer's own currency is shared, else the first by code.
    """
    by_company: defaultdict[UUID, list[Account]] = defaultdict(list)
    for account in accounts:
        by_company[account.company_id].append(account)
    found: dict[UUID, SharedLine] = {}
    for company_id, ours in by_company.items():
        effective = limits.effective(
            company_id=company_id, customer_ids={account.customer_id for account in ours}, as_of=as_of
        )
        customers = dossier.customers_by_id({one.customer_id for one in ours})
        for account in ours:
            customer = customers[account.customer_id]
            line = _line(account, families[account.id], effective, own=customer.currency, name=customer.name)
            if line is not None:
                found[account.id] = line
    return found


def parts_of(lines: Iterable[SharedLine], *, as_of: date) -> dict[UUID, ExposureParts]:
    """Return what each account that shares a line counts, with what is disputed, covered and earmarked beside it."""
    members = {member.id: member for line in lines for member in line.members}
    if not members:
        return {}
    keys = {member.key for member in members.values()}
    beside = securities.of_accounts(keys, as_of=as_of)
    standing = standings.of_accounts(keys, as_of=as_of)
    return {
        one.id: beside[one.key].added_to(_parts(one, disputed=standing[one.key].disputed_amount))
        for one in members.values()
    }


def _parts(account: Account, *, disputed: Decimal) -> ExposureParts:
    return ExposureParts(
        ordered=account.ordered,
        delivered=account.delivered,
        billed=account.billed,
        bill=account.bill,
        unapplied=account.unapplied,
        reserved=account.reserved,
        disputed=Money(disputed, account.currency),
    )


def _has_line(account: Account, effective: Mapping[limits.Key, Effective]) -> bool:
    return _limit(account.customer_id, account.currency, effective) is not None


def _limit(customer_id: UUID, currency: str, effective: Mapping[limits.Key, Effective]) -> Limit | None:
    """Return the line in force, zero for one whose time is over, or None where nobody ever set one."""
    found = effective.get((customer_id, currency))
    if found is None:
        return None
    if isinstance(found.limit, NotSet):
        return None if found.base is not None else Amount(Money.zero(currency))
    return found.limit


def _line(
    account: Account,
    family: Sequence[Account],
    effective: Mapping[limits.Key, Effective],
    *,
    own: str,
    name: str,
) -> SharedLine | None:
    customer = account.customer_id
    with_line = sorted(
        currency
        for holder, currency in effective
        if holder == customer and _limit(customer, currency, effective) is not None
    )
    if not with_line:
        return None
    currency = own if own in with_line else with_line[0]
    members = tuple(one for one in family if one.currency == currency or not _has_line(one, effective))
    if account not in members or {one.currency for one in members} <= {currency}:
        return None
    limit = _limit(customer, currency, effective)
    assert limit is not None  # noqa: S101 -- the currency was chosen among those that have a line
    return SharedLine(currency=currency, name=name, limit=limit, members=members)
