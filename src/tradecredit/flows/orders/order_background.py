"""What some checks need besides: settings below the policy, behaviour, dunning, what lies beyond a horizon."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from typing import TYPE_CHECKING, Final, Protocol, TypeVar

from tradecredit.analytics.order_checks import outlooks
from tradecredit.apps.decisions import setting_queries
from tradecredit.core.decisions import settings
from tradecredit.core.decisions.outlook import Outlook

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.analytics.order_checks.outlooks import AccountOutlook
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.apps.exposure.queries import Account
    from tradecredit.apps.orders.queries import OrderRecord
    from tradecredit.core.decisions.facts import CreditFacts, CustomerFacts, RequestFacts
    from tradecredit.core.decisions.settings import Effective, Entry
    from tradecredit.core.exposure.parting import PartLine
    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.flows.orders.paying import SoldTo

_DOCUMENTS: Final = {"amend": "amendment", "reopen": "reopen"}


class _Request(Protocol):
    @property
    def purpose(self) -> str: ...
    @property
    def sold_to(self) -> SoldTo | None: ...
    @property
    def lines(self) -> tuple[PartLine, ...]: ...


class OnAccount(Protocol):
    """A case of an account on a day, as `order_cases.Case` is one."""

    @property
    def request(self) -> _Request: ...
    @property
    def account(self) -> Account: ...
    @property
    def customer(self) -> CustomerRecord: ...
    @property
    def order(self) -> OrderRecord | None: ...
    @property
    def day(self) -> date: ...
    @property
    def policy(self) -> PolicyInForce: ...
    @property
    def facts(self) -> CreditFacts: ...


C = TypeVar("C", bound=OnAccount)


def added(cases: Sequence[C]) -> list[C]:
    """Return the cases with the settings that concern them, their kind of document, and what their policy asks for.

    Two statements a day at most, however many cases there are; the second only where a policy asks for it.
    """
    entries = _entries(cases)
    looks = _looks(cases)
    result = []
    for case in cases:
        facts = dataclasses.replace(
            case.facts,
            request=_request(case),
            customer=_customer(case),
            settings=_settings(entries.get((case.day, _concerned(case)), ()), case),
            outlook=_outlook(case, looks.get((case.day, case.account.key))),
        )
        result.append(dataclasses.replace(case, facts=facts))  # type: ignore[type-var] # cases are dataclasses
    return result


def _request(case: OnAccount) -> RequestFacts:
    document = _DOCUMENTS.get(case.request.purpose, "")
    request = case.facts.request
    return dataclasses.replace(request, document=document) if document else request


def _customer(case: OnAccount) -> CustomerFacts:
    sold_to, customer = case.request.sold_to, case.facts.customer
    if sold_to is None:
        return customer
    return dataclasses.replace(customer, sold_to=sold_to.code, sold_to_name=sold_to.name, role=sold_to.role)


def _concerned(case: OnAccount) -> setting_queries.Concerned:
    classes = {case.customer.customer_type, case.facts.rating.grade or ""} - {""}
    return setting_queries.Concerned(
        company_id=case.account.company_id, customer_id=case.customer.id, classes=frozenset(classes)
    )


def _entries(
    cases: Sequence[OnAccount],
) -> Mapping[tuple[date, setting_queries.Concerned], tuple[Entry, ...]]:
    by_day: defaultdict[date, set[setting_queries.Concerned]] = defaultdict(set)
    for case in cases:
        by_day[case.day].add(_concerned(case))
    return {
        (day, one): each
        for day, wanted in by_day.items()
        for one, each in setting_queries.entries(wanted, as_of=day).items()
    }


def _settings(entries: Sequence[Entry], case: OnAccount) -> tuple[Effective, ...]:
    """Return what is set for the customer below the policy; what nobody set is policy's and not recorded twice."""
    names = sorted({entry.name for entry in entries})
    found = (settings.resolve(name, entries, as_of=case.day, default=None) for name in names)
    return tuple(one for one in found if one.value is not None)


def _looks(cases: Sequence[OnAccount]) -> dict[tuple[date, outlooks.Key], AccountOutlook]:
    grouped: defaultdict[tuple[date, int, tuple[int, ...]], set[outlooks.Key]] = defaultdict(set)
    for case in cases:
        control = case.policy.control
        if control.asks_outlook:
            grouped[case.day, control.behaviour_days, control.horizons].add(case.account.key)
    return {
        (day, key): look
        for (day, window, horizons), keys in grouped.items()
        for key, look in outlooks.of_accounts(
            keys, as_of=day, behaviour_days=window, horizons=horizons
        ).items()
    }


def _outlook(case: OnAccount, look: AccountOutlook | None) -> Outlook | None:
    if look is None:
        return None
    order = case.order
    wanted, since = None if order is None else order.requested_date, case.customer.customer_since
    return Outlook(
        average_days_late=look.average_days_late,
        paid_count=look.paid_count,
        dunning_stages=look.dunning_stages,
        horizons=look.horizons,
        agreed_terms=None if order is None else order.terms_days,
        wanted_in_days=None if wanted is None else (wanted - case.day).days,
        tenure_days=None if since is None else (case.day - since).days,
    )
