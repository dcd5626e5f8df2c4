"""Gather what a check of orders needs: accounts locked, facts as frozen values, a constant number of statements."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.analytics.order_checks import securities, standings
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import locks, operations
from tradecredit.apps.exposure import queries as exposure
from tradecredit.apps.orders import queries as orders
from tradecredit.core.decisions.facts import ControlPoint, CreditFacts, RequestFacts
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import (
    order_advances,
    order_facts,
    order_levels,
    order_policy,
    own_exposure,
    released_facts,
    remainders,
)
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.order_checks.securities import Securities
    from tradecredit.analytics.order_checks.standings import Standing
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.exposure.queries import Account, HeldRoom
    from tradecredit.apps.orders.queries import DeliveryRecord, OrderRecord
    from tradecredit.apps.orders.releases import ReleaseRecord
    from tradecredit.core.exposure.parting import PartLine
    from tradecredit.flows.orders.order_advances import Advance
    from tradecredit.flows.orders.order_levels import Levels
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.flows.orders.paying import SoldTo
    from tradecredit.plumbing.access.models import Company


class UnableToFindCustomerError(UnableToError):
    """No such customer in the company, or the actor may not see it."""

    code = "customer_unknown"
    status = 404


class UnableToCheckOrderError(UnableToError):
    """The request contradicts what is known of the order."""

    code = "order_contradicts"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRequest:
    """One document to check. A known order's amount is the whole order's; what has left of it is taken off."""

    company: Company
    customer_code: str
    reference: str
    amount: Money
    control_point: ControlPoint = ControlPoint.ORDER
    sold_to: SoldTo | None = None
    terms_days: int | None = None
    requested_on: date | None = None
    prepaid: Money | None = None
    purpose: str = "check"
    reason: str = ""
    lines: tuple[PartLine, ...] = ()
    asked_by: tuple[UUID, str] | None = None  # who asked before it was split: the question stays theirs


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One request with everything known about it, before the requests ahead of it in the batch are counted."""

    request: CheckRequest
    day: date
    customer: CustomerRecord
    account: Account
    order: OrderRecord | None
    held: HeldRoom | None
    policy: PolicyInForce
    facts: CreditFacts
    levels: Levels = order_levels.NONE


def gather(requests: Sequence[CheckRequest], *, as_of: date | None, is_locked: bool) -> tuple[Case, ...]:
    """Lock (where something is to be kept) and gather the cases of a batch, in its order.

    Raises UnableToFindCustomerError, UnableToCheckOrderError, UnableToFindPolicyError.
    """
    days = [as_of or request.requested_on or clock.today(request.company) for request in requests]
    customers = _customers(requests)
    in_force = order_policy.in_force(
        {(request.company.pk, day) for request, day in zip(requests, days, strict=True)}
    )
    keys = [_key(request, customers) for request in requests]
    accounts = _accounts(keys, is_locked=is_locked)
    known = orders.orders_by_reference({(request.company.pk, request.reference) for request in requests})
    requests = [_alone(one, known.get((one.company.pk, one.reference))) for one in requests]
    deliveries = orders.deliveries_of(order.id for order in known.values())
    pairs = {(accounts[key].id, request.reference) for key, request in zip(keys, requests, strict=True)}
    books = _Books(
        customers=customers,
        accounts=accounts,
        orders=known,
        deliveries=deliveries,
        held=exposure.pending_reservations(pairs),
        obligations=_obligations(requests, keys, accounts, known, deliveries),
        standing={day: standings.of_accounts(_on(day, keys, days), as_of=day) for day in set(days)},
        securities={day: securities.of_accounts(_on(day, keys, days), as_of=day) for day in set(days)},
        policies=in_force,
        releases=released_facts.of_orders(known.values()),
        advances=order_advances.of_remainders(known.values()),
    )
    cases = [
        _case(request, key, day=day, books=books)
        for request, key, day in zip(requests, keys, days, strict=True)
    ]
    return order_levels.added(cases, is_locked=is_locked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Books:
    """Everything that was read for a batch."""

    customers: Mapping[tuple[UUID, str], CustomerRecord]
    accounts: Mapping[exposure.Key, Account]
    orders: Mapping[tuple[UUID, str], OrderRecord]
    deliveries: Mapping[UUID, Sequence[DeliveryRecord]]
    held: Mapping[tuple[UUID, str], HeldRoom]
    obligations: Mapping[tuple[UUID, str], Mapping[str, Any]]
    standing: Mapping[date, Mapping[exposure.Key, Standing]]
    securities: Mapping[date, Mapping[exposure.Key, Securities]]
    policies: Mapping[tuple[UUID, date], PolicyInForce]
    releases: Mapping[UUID, ReleaseRecord]
    advances: Mapping[UUID, Advance]


def _case(request: CheckRequest, key: exposure.Key, *, day: date, books: _Books) -> Case:
    account = books.accounts[key]
    order = books.orders.get((request.company.pk, request.reference))
    _refuse_contradiction(request, account, order)
    held = books.held.get((account.id, request.reference))
    customer = books.customers[request.company.pk, request.customer_code]
    beside = books.securities[day][key]
    cash = order_advances.cash_for(request.reference, order, beside=beside, advances=books.advances)
    own = own_exposure.parts(
        account,
        documents=own_exposure.documents(order, books.deliveries),
        held=held,
        obligations=books.obligations,
        earmarked=cash,
    )
    policy = books.policies[request.company.pk, day]
    return Case(
        request=request,
        day=day,
        customer=customer,
        account=account,
        order=order,
        held=held,
        policy=policy,
        facts=order_facts.credit_facts(
            request=_request_facts(request, order, day=day, earmarked=cash),
            customer=customer,
            account=account,
            own=own,
            standing=books.standing[day][key],
            beside=beside,
            release=released_facts.facts(
                order,
                None if order is None else books.releases.get(order.id),
                policy=policy.control.releases,
                day=day,
            ),
        ),
    )


def _alone(request: CheckRequest, order: OrderRecord | None) -> CheckRequest:
    if order is None or order.apart.is_zero or request.control_point is not ControlPoint.ORDER:
        return request
    return dataclasses.replace(request, amount=remainders.alone(order, whole=request.amount))


def _customers(requests: Sequence[CheckRequest]) -> dict[tuple[UUID, str], CustomerRecord]:
    found = dossier.customers_by_code({request.customer_code for request in requests})
    result = {}
    for request in requests:
        customer = found.get(request.customer_code)
        if customer is None or request.company.pk not in customer.company_ids:
            raise UnableToFindCustomerError(
                Words(
                    zh="公司 {company} 没有代码为 {customer} 的客户。请先导入客户，或更正代码。",
                    en="Company {company} has no customer {customer}. Import the customer first or correct the code.",
                ).filled(company=request.company.code, customer=request.customer_code),
                customer=request.customer_code,
                company=request.company.code,
            )
        result[request.company.pk, request.customer_code] = customer
    return result


def _key(request: CheckRequest, customers: Mapping[tuple[UUID, str], CustomerRecord]) -> exposure.Key:
    customer = customers[request.company.pk, request.customer_code]
    return (request.company.pk, customer.id, request.amount.currency)


def _accounts(keys: Sequence[exposure.Key], *, is_locked: bool) -> dict[exposure.Key, Account]:
    identifiers = operations.open_accounts(wanted=keys)
    if is_locked:
        locks.lock_accounts(identifiers.values())
    found = exposure.accounts_by_id(identifiers.values())
    return {key: found[identifier] for key, identifier in identifiers.items()}


def _on(day: date, keys: Sequence[exposure.Key], days: Sequence[date]) -> set[exposure.Key]:
    return {key for key, other in zip(keys, days, strict=True) if other == day}


def _obligations(
    requests: Sequence[CheckRequest],
    keys: Sequence[exposure.Key],
    accounts: Mapping[exposure.Key, Account],
    known: Mapping[tuple[UUID, str], OrderRecord],
    deliveries: Mapping[UUID, Sequence[DeliveryRecord]],
) -> Mapping[tuple[UUID, str], Mapping[str, Any]]:
    pairs = {
        (accounts[key].id, document)
        for request, key in zip(requests, keys, strict=True)
        for document in own_exposure.documents(known.get((request.company.pk, request.reference)), deliveries)
    }
    return exposure.open_by_obligation(pairs)


def _refuse_contradiction(request: CheckRequest, account: Account, order: OrderRecord | None) -> None:
    if order is None:
        return
    if order.customer_id == account.customer_id and order.amount.currency == account.currency:
        return
    raise UnableToCheckOrderError(
        Words(
            zh="单号 {reference} 属于客户 {customer}（{currency}）。请更正客户、币种或单号。",
            en="Order {reference} belongs to customer {customer} in {currency}. Correct the customer, currency or number.",
        ).filled(reference=request.reference, customer=order.customer_code, currency=order.amount.currency),
        reference=request.reference,
    )


def _request_facts(
    request: CheckRequest, order: OrderRecord | None, *, day: date, earmarked: Money
) -> RequestFacts:
    return RequestFacts(
        company=request.company.code,
        reference=request.reference,
        control_point=request.control_point,
        amount=_asked(request, order),
        requested_on=day,
        terms_days=request.terms_days,
        prepaid=request.prepaid or (None if earmarked.is_zero else earmarked),
    )


def _asked(request: CheckRequest, order: OrderRecord | None) -> Money:
    """Return what is new in the request: of an order what has not left, of a delivery what is not invoiced already."""
    if order is None or request.control_point is ControlPoint.INVOICE:
        return request.amount
    if request.control_point is ControlPoint.DELIVERY:
        return request.amount - min(request.amount, order.invoiced_ahead)
    left = request.amount - max(order.delivered, order.invoiced)
    return left if left.is_positive else Money.zero(request.amount.currency)
