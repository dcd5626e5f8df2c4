"""Endorse, discount, pledge, split, collect and dishonour bills: what is no longer our risk stops counting, what comes back is owed again."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.receivables import policies
from tradecredit.apps.cash_application import bank_operations
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.receivables import bill_operations, bill_queries
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.receivables import bills
from tradecredit.core.receivables.bills import BillStatus
from tradecredit.flows.cash import book_allocations, open_time, unapply_cash
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.bill_queries import BillRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_PASSED_TO_MAX: Final = 200
_SENTENCES: Final = {
    BillStatus.HELD: Words(zh="票据 {number} 收回库存", en="Bill {number} is held again"),
    BillStatus.PLEDGED: Words(zh="票据 {number} 质押给 {to}", en="Bill {number} pledged to {to}"),
    BillStatus.ENDORSED: Words(
        zh="票据 {number} 背书给 {to}（有追索权）", en="Bill {number} endorsed to {to}, with recourse"
    ),
    BillStatus.DISCOUNTED: Words(
        zh="票据 {number} 在 {to} 贴现（有追索权）", en="Bill {number} discounted at {to}, with recourse"
    ),
    BillStatus.SOLD: Words(
        zh="票据 {number} 转让给 {to}（无追索权）", en="Bill {number} passed on to {to} without recourse"
    ),
    BillStatus.COLLECTED: Words(zh="票据 {number} 已兑付", en="Bill {number} is paid"),
    BillStatus.LAPSED: Words(
        zh="票据 {number} 追索期已过，不再占用额度", en="Recourse on bill {number} has lapsed: it counts no more"
    ),
    BillStatus.DISHONOURED: Words(
        zh="票据 {number} 被拒付：{reason}；所付发票恢复未清",
        en="Bill {number} was dishonoured: {reason}; what it had paid is owed again",
    ),
    BillStatus.SPLIT: Words(zh="票据 {number} 拆分为 {to}", en="Bill {number} split into {to}"),
}  # fmt: skip
_STAYS: Final = Words(
    zh="票据 {number} 拒付，其余部分仍作核销", en="bill {number} was dishonoured; the rest stays settled"
)


class UnableToFindBillError(UnableToError):
    """No such bill in the company, or the actor may not see it."""

    code = "bill_unknown"
    status = 404


def move_bill(
    *,
    company: Company,
    number: str,
    status: BillStatus,
    actor: Actor,
    counterparty: str = "",
    reason: str = "",
    day: date | None = None,
) -> BillRecord:
    """Take one step in a bill's life and move what it occupies.

    Passed on with recourse it goes on counting (policy weighs it) until its due day and the days of policy are over;
    paid or passed on without recourse it stops at once; dishonoured, the invoices that it had paid are open again
    with their own due days. Raises UnableToFindBillError, UnableToMoveBillError.
    """
    with db.unit_of_work(actor):
        bill = _locked(company, number)
        bills.require_step(number=number, current=BillStatus(bill.status), wanted=status)
        on = day or clock.today(company)
        open_time.require_open(company=company, day=on)
        _step(company, bill, status, actor=actor, counterparty=counterparty, reason=reason, day=on)
        if status is BillStatus.DISHONOURED:
            _bounce(company, bill, reason=reason, actor=actor, day=on)
        return bill_queries.bills_by_number(company_id=company.pk, numbers=[number])[number]


def split_bill(
    *, company: Company, number: str, amounts: Sequence[Decimal], actor: Actor, day: date | None = None
) -> tuple[BillRecord, ...]:
    """Split a held package into parts of these amounts, in their order; what is left over is the last part.

    Nothing moves but the names: the parts count as the bill did, and each goes its own way from here. Raises
    UnableToFindBillError, UnableToMoveBillError, UnableToSplitBillError.
    """
    with db.unit_of_work(actor):
        bill = _locked(company, number)
        bills.require_step(number=number, current=BillStatus(bill.status), wanted=BillStatus.SPLIT)
        ranges = bills.split(number=number, held=bill.held, amounts=amounts)
        on = day or clock.today(company)
        open_time.require_open(company=company, day=on)
        package = number.partition(":")[0]
        parts = {one.number(package): (one.first, one.amount) for one in ranges}
        bill_operations.record_parts(
            company_id=company.pk, bill_id=bill.id, parts=parts, day=on, recorded_by=actor.name
        )
        found = bill_queries.bills_by_number(company_id=company.pk, numbers=parts)
        for part in (found[one] for one in parts):
            _post(company, part, Stage.BILL, part.amount.amount, obligation=f"bill:{part.number}",
                  cause="bill.received", cause_id=part.id, day=on)  # fmt: skip
        listed = ", ".join(parts)
        _step(company, bill, BillStatus.SPLIT, actor=actor, counterparty=listed[:_PASSED_TO_MAX], day=on)
        return tuple(found[one] for one in parts)


def lapse_recourse(*, company: Company, actor: Actor, as_of: date) -> int:
    """Let bills stop counting whose recourse has lapsed by the day; returns how many, none the second time."""
    with db.unit_of_work(actor):
        days = policies.in_force(company_id=company.pk, as_of=as_of).bill_recourse_days
        due = bill_queries.passed_on_before(company_id=company.pk, due_until=as_of - timedelta(days=days))
        book_allocations.lock_accounts(
            company=company, keys={(bill.customer_id, bill.amount.currency) for bill in due}
        )
        found = bill_queries.bills_by_number(company_id=company.pk, numbers=[bill.number for bill in due])
        lapsed = [bill for bill in found.values() if BillStatus(bill.status) in bills.WITH_RECOURSE]
        for bill in lapsed:
            ended = bills.recourse_ends_on(due_date=bill.due_date, recourse_days=days)
            _step(company, bill, BillStatus.LAPSED, actor=actor, counterparty=bill.passed_to, day=ended)
        return len(lapsed)


def _locked(company: Company, number: str) -> BillRecord:
    found = bill_queries.bills_by_number(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise UnableToFindBillError(
            Words(zh="没有票据 {number}，或您无权查看。", en="There is no bill {number}, or you may not see it.").filled(
                number=number
            ),
            number=number,
        )  # fmt: skip
    book_allocations.lock_accounts(company=company, keys={(found.customer_id, found.amount.currency)})
    # Read again under the lock: another step may have been taken meanwhile.
    return bill_queries.bills_by_number(company_id=company.pk, numbers=[number])[number]


def _step(
    company: Company,
    bill: BillRecord,
    status: BillStatus,
    *,
    actor: Actor,
    day: date,
    counterparty: str = "",
    reason: str = "",
) -> None:
    bill_operations.take_steps(
        company_id=company.pk,
        steps=[
            bill_operations.Step(
                bill_id=bill.id,
                customer_id=bill.customer_id,
                status=status.value,
                day=day,
                counterparty=counterparty,
                reason=reason,
            )
        ],
        recorded_by=actor.name,
    )
    if status not in bills.STANDING:
        _post(company, bill, Stage.BILL, -bill.amount.amount, obligation=f"bill:{bill.number}",
              cause=f"bill.{status.value}", cause_id=bill.id, day=day)  # fmt: skip
    _tell(company, bill, status, actor=actor, counterparty=counterparty, reason=reason)


def _bounce(company: Company, bill: BillRecord, *, reason: str, actor: Actor, day: date) -> None:
    """Reverse what the bill had settled, from the day on, and take it out of the cash: it was none."""
    payment = cash_queries.payment_of_bill(bill_id=bill.package_id or bill.id)
    if payment is None:
        raise RuntimeError(f"bill {bill.number} is no payment")
    # A part takes back its own amount only; what the other parts had paid stays paid.
    left = payment.amount - payment.returned if bill.package_id is None else bill.amount.amount
    unapply_cash.free(
        company=company,
        payment=payment,
        needed=left - payment.unapplied,
        reason=reason,
        stays=_STAYS.filled(number=bill.number),
        actor=actor,
        day=day,
    )
    return_id = bank_operations.record_return(
        company_id=company.pk, new=_return(payment, left, day=day, reason=reason), recorded_by=actor.name
    )
    _post(company, bill, Stage.UNAPPLIED, left, obligation=f"payment:{payment.number}",
          cause="bill.dishonoured", cause_id=return_id, day=day)  # fmt: skip


def _return(payment: PaymentRecord, amount: Decimal, *, day: date, reason: str) -> bank_operations.NewReturn:
    return bank_operations.NewReturn(
        customer_id=payment.customer_id,
        payment_id=payment.id,
        line_id=None,
        currency=payment.currency,
        amount=amount,
        effective_date=day,
        reason=reason,
    )


def _post(
    company: Company,
    bill: BillRecord,
    stage: Stage,
    amount: Decimal,
    *,
    obligation: str,
    cause: str,
    cause_id: UUID,
    day: date,
) -> None:
    key = (company.pk, bill.customer_id, bill.amount.currency)
    exposure.post(
        entries=[
            exposure.NewEntry(
                account_id=exposure.open_accounts(wanted={key})[key],
                stage=stage,
                amount=amount,
                obligation=obligation,
                cause=cause,
                cause_id=cause_id,
                effective_date=day,
            )
        ]
    )


def _tell(
    company: Company,
    bill: BillRecord,
    status: BillStatus,
    *,
    actor: Actor,
    counterparty: str,
    reason: str,
) -> None:
    payload = {
        "customer_id": bill.customer_id,
        "company_id": company.pk,
        "bill": bill.number,
        "status": status.value,
        "amount": bill.amount.text(),
        "currency": bill.amount.currency,
    }
    name = "bill.dishonoured" if status is BillStatus.DISHONOURED else "bill.moved"
    events.emit_many(name=name, company_id=company.pk, payloads=[(bill.customer_id, payload)])
    words = _SENTENCES[status].filled(number=bill.number, to=counterparty or "-", reason=reason or "-")
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{bill.customer_id}",
                kind=f"bill.{status.value}",
                words=words,
                payload={"bill": bill.number},
            )
        ],
    )
