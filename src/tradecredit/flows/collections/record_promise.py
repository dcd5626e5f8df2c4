"""Record a customer's promise to pay; until its day nobody writes about the items it covers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.collections import operations
from tradecredit.core.collections import letters
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
                zh=f"客户承诺于 {promised_date} 前付款 {letters.figures(amount)}",
                en=f"The customer promised to pay {letters.figures(amount)} by {promised_date}",
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
