"""Record a customer's promise to pay, or withdraw one; until its day nobody writes about the items it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import agreements, operations
from tradecredit.core.collections import texts
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToWithdrawPromiseError(UnableToError):
    """The promise is not there, was withdrawn before, or nobody said why."""

    code = "promise_not_withdrawn"
    status = 409


class UnableToRecordPromiseError(UnableToError):
    """The promised day lies behind us, or nothing was promised."""

    code = "promise_refused"


def record_promise(
    *,
    company: Company,
    customer_id: UUID,
    amount: Money,
    promised_date: date,
    actor: Actor,
    instalment_ids: Collection[UUID] = (),
    text: str = "",
    as_of: date | None = None,
) -> UUID:
    """Record the promise and return its identifier; no instalments named means every item of the customer.

    Raises UnableToRecordPromiseError.
    """
    day = as_of or clock.today(company)
    _refuse_nonsense(amount=amount, promised_date=promised_date, today=day)
    with db.unit_of_work(actor):
        promise_id = operations.record_promise(
            company_id=company.pk,
            customer_id=customer_id,
            instalment_ids=instalment_ids,
            amount=amount,
            promised_date=promised_date,
            made_on=day,
            text=text,
            recorded_by=actor.name,
        )
        entry = log.NewEntry(
            stream=f"customer:{customer_id}",
            kind="promise.recorded",
            words=Words(
                zh=f"客户承诺于 {promised_date} 前付款 {texts.figures(amount)}",
                en=f"The customer promised to pay {texts.figures(amount)} by {promised_date}",
            ),
            payload={"promise": str(promise_id), "amount": amount.text()},
        )
        log.append(company_id=company.pk, actor=actor, entries=[entry])
    return promise_id


def _refuse_nonsense(*, amount: Money, promised_date: date, today: date) -> None:
    if promised_date < today or not amount.is_positive:
        raise UnableToRecordPromiseError(
            Words(
                zh=f"承诺日 {promised_date} 不能早于今天 {today}，金额须大于零。",
                en=f"A promise names a day not before today ({today}) and an amount above zero; got {promised_date}.",
            ),
            promised_date=promised_date.isoformat(),
        )


def withdraw_promise(*, company: Company, promise_id: UUID, reason: str, actor: Actor) -> UUID:
    """Take a promise back (recorded by mistake, or the customer went back on it); returns whose it was.

    What it covered is dunned again from the next run. Raises UnableToWithdrawPromiseError.
    """
    because = reason.strip()
    if not because:
        raise UnableToWithdrawPromiseError(
            Words(zh="请写明撤回承诺的原因。", en="Say why the promise is withdrawn.")
        )
    with db.unit_of_work(actor):
        customer_id = agreements.withdraw_promise(
            company_id=company.pk, promise_id=promise_id, withdrawn_on=clock.today(company)
        )
        if customer_id is None:
            raise UnableToWithdrawPromiseError(
                Words(
                    zh="没有这项承诺，或已经撤回；请刷新页面。",
                    en="There is no such promise, or it was withdrawn: reload the page.",
                )
            )
        entry = log.NewEntry(
            stream=f"customer:{customer_id}",
            kind="promise.withdrawn",
            words=Words(zh=f"撤回付款承诺：{because}", en=f"The promise to pay was withdrawn: {because}"),
            payload={"promise": str(promise_id)},
        )
        log.append(company_id=company.pk, actor=actor, entries=[entry])
    return customer_id
