"""Build the profiles on which quick checks rest: how accounts stand on a day, kept until something is written."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.db import connection

from tradecredit.apps.decisions import standings
from tradecredit.apps.decisions.standings import NewStanding
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.exposure import operations
from tradecredit.core.decisions import compact, recording
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import order_cases
from tradecredit.flows.orders.order_cases import CheckRequest
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.orders.order_cases import Case
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SWEPT_AT_ONCE: Final = 200


def build(*, company: Company, accounts: Iterable[tuple[str, str]], day: date, actor: Actor) -> int:
    """Build the profiles of accounts (customer code, currency) of a company for a day; returns how many.

    Customers that do not trade with the company are passed over. The number of SQL statements does not depend on the
    number of accounts. Raises UnableToFindPolicyError.
    """
    wanted = set(accounts)
    with db.unit_of_work(actor):
        found = dossier.customers_by_code({code for code, _ in wanted})
        ids = {code: one.id for code, one in found.items() if company.pk in one.company_ids}
        known = sorted(key for key in wanted if key[0] in ids)
        if not known:
            return 0
        # Opened first, since a new account leaves a mark as well.
        operations.open_accounts(wanted=[(company.pk, ids[code], currency) for code, currency in known])
        marks = _begin(sorted(set(ids.values())))
        cases = order_cases.gather(
            [_nothing(company, code, currency) for code, currency in known], as_of=day, is_locked=False
        )
        _keep(cases, marks=marks, day=day)
        return len(cases)


def sweep(*, actor: Actor) -> int:
    """Take away the marks of customers whose orders nobody checked since; returns how many customers there were."""
    swept = 0
    while True:
        with db.unit_of_work(actor), connection.cursor() as cursor:
            cursor.execute("SELECT check_profile_sweep(%s)", [_SWEPT_AT_ONCE])
            count: int = cursor.fetchone()[0]
        swept += count
        if count < _SWEPT_AT_ONCE:
            return swept


def _nothing(company: Company, code: str, currency: str) -> CheckRequest:
    """Return the request for an order of nothing that nobody knows: its facts are those of the account."""
    return CheckRequest(company=company, customer_code=code, reference="", amount=Money.zero(currency))


def _begin(customer_ids: Sequence[UUID]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_profile_begin(%s::uuid[])", [list(customer_ids)])
        marks: int = cursor.fetchone()[0]
    return marks


def _keep(cases: Sequence[Case], *, marks: int, day: date) -> None:
    special = _special(cases, day=day)
    documents = [compact.standing_of(case.facts) for case in cases]
    recorded = standings.record(
        [
            NewStanding(company_id=case.account.company_id, customer_id=case.customer.id, document=document)
            for case, document in zip(cases, documents, strict=True)
        ]
    )
    moment = clock.now().isoformat()
    rows = [
        {
            "account_id": str(case.account.id),
            "standing_id": str(standing),
            "day": day.isoformat(),
            "is_plain": case.account.id not in special and _is_plain(case, document),
            "marks_for_all": marks,
            "built_at": moment,
        }
        for case, document, standing in zip(cases, documents, recorded, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute("SELECT check_profile_keep(%s::jsonb)", [json.dumps(rows)])


def _is_plain(case: Case, document: dict[str, object]) -> bool:
    """Tell whether the account's facts are its standing and its balances, and nothing else."""
    figures = compact.Figures(
        reference="",
        amount=case.facts.request.amount.amount,
        terms_days=None,
        balances={name: getattr(case.account, name).amount for name in compact.BALANCES},
    )
    is_own = case.account.customer_id == case.customer.id
    again = compact.facts_document(document, figures)
    return is_own and compact.is_shareable(case.facts) and recording.to_dict(case.facts) == again


def _special(cases: Sequence[Case], *, day: date) -> set[UUID]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT check_profile_special(%s::uuid[], %s)", [[case.account.id for case in cases], day]
        )
        return {account for (account,) in cursor.fetchall()}
