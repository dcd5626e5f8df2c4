"""Receive bills in payment (承兑汇票): they settle invoices, and the debt stands on as a bill until it is paid."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, TypeVar

from tradecredit.apps.cash_application import operations as cash
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.receivables import bill_operations, bill_queries
from tradecredit.apps.receivables.models import AcceptorClass, BillKind
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import bills
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import account_holders, book_allocations, record_documents, record_payments
from tradecredit.flows.cash.record_payments import PaymentRow
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.apps.receivables.bill_operations import NewBill
    from tradecredit.apps.receivables.bill_queries import BillRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.bills import SubRange
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

N = TypeVar("N", BillKind, AcceptorClass)
# The payment that a bill is bears its number behind this.
PAYMENT_PREFIX: Final = "bill:"
_KINDS: Final[Mapping[str, BillKind]] = {
    "bank": BillKind.BANK,
    "banker's acceptance": BillKind.BANK,
    "银行承兑汇票": BillKind.BANK,
    "银承": BillKind.BANK,
    "commercial": BillKind.COMMERCIAL,
    "commercial acceptance": BillKind.COMMERCIAL,
    "商业承兑汇票": BillKind.COMMERCIAL,
    "商承": BillKind.COMMERCIAL,
    "商票": BillKind.COMMERCIAL,
    "finance_company": BillKind.FINANCE_COMPANY,
    "财务公司承兑汇票": BillKind.FINANCE_COMPANY,
}
_CLASSES: Final[Mapping[str, AcceptorClass]] = {
    **{one.value: one for one in AcceptorClass},
    "国股": AcceptorClass.STATE_BANK,
    "城商": AcceptorClass.CITY_BANK,
    "农商": AcceptorClass.RURAL_BANK,
    "财务公司": AcceptorClass.FINANCE_COMPANY,
    "商票": AcceptorClass.COMMERCIAL,
}
# A bill whose acceptor nobody has classed counts as the weakest of its kind.
_WEAKEST: Final[Mapping[BillKind, AcceptorClass]] = {
    BillKind.BANK: AcceptorClass.RURAL_BANK,
    BillKind.COMMERCIAL: AcceptorClass.COMMERCIAL,
    BillKind.FINANCE_COMPANY: AcceptorClass.FINANCE_COMPANY,
}
_UNKNOWN_KIND: Final = Words(
    zh="未知的票据种类“{value}”，应为 bank、commercial 或 finance_company",
    en="{value} is no kind of bill: bank, commercial or finance_company",
)
_UNKNOWN_CLASS: Final = Words(
    zh="未知的承兑人类别“{value}”，应为 国股、城商、农商、财务公司或商票",
    en="no such class of acceptor: {value}; it is state_bank, city_bank, rural_bank, finance_company or commercial",
)
_RANGE: Final = Words(
    zh="子票区间应形如 1-10000000，且份数乘以 0.01 等于票面金额",
    en="a range is written 1-10000000, and its units of 0.01 are the bill's amount",
)
_DATES: Final = Words(zh="到期日须在出票日之后", en="a bill falls due after its day of issue")
_CHANGED: Final = Words(
    zh="票据 {number} 已登记且内容不同，已登记的票据不改写",
    en="bill {number} is recorded with other content; a recorded bill is not rewritten",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A bill as it came; ``invoice_number`` (or ``order_number``) names what it pays.

    ``sub_range`` are the units of a package that were received (``1-10000000``): the bill's number is then that of the
    package with the range behind it.
    """

    number: str
    customer_code: str
    kind: str
    acceptor: str
    amount: Decimal
    issue_date: date
    due_date: date
    received_on: date
    acceptor_class: str = ""
    drawer: str = ""
    currency: str = ""
    invoice_number: str = ""
    order_number: str = ""
    sub_range: str = ""
    source: str = ""
    row: int = 0


def receive_bills(*, rows: Sequence[BillRow], company: Company, actor: Actor) -> ImportResult:
    """Record bills in one transaction; each settles invoices like a payment, and counts as a bill from then on.

    What moves is the stage, not the amount: billed 100,000 less a bill of 60,000 is 40,000 billed and 60,000 of
    bills. Idempotent by company and number; the same bill with another content is refused.
    """
    with db.unit_of_work(actor):
        rows = [_with_range(row) for row in rows]
        customers = account_holders.customers_of(company=company, papers=[_paper(row) for row in rows])
        known = bill_queries.bills_by_number(company_id=company.pk, numbers=[row.number for row in rows])
        new: dict[str, tuple[BillRow, NewBill]] = {}
        results = [_sorted(at, row, customers[at - 1], known, new) for at, row in enumerate(rows, start=1)]
        ids = bill_operations.record_bills(
            company_id=company.pk, bills=[bill for _, bill in new.values()], recorded_by=actor.name
        )
        _settle(company, new, ids, actor=actor)
        done = row_results.in_order(
            row_results.with_id(one, ids[one.number]) if one.status is RowStatus.CREATED else one
            for one in results
        )
        keep_refused.keep(company=company, kind="bills", rows=rows, result=done, actor=actor)
    return done


def _with_range(row: BillRow) -> BillRow:
    """Give a part of a package the number by which it is known."""
    found = bills.parse_range(row.sub_range)
    if found is None or row.number.endswith(found.number("")):
        return row
    return replace(row, number=found.number(row.number))


def _paper(row: BillRow) -> account_holders.Paper:
    return account_holders.Paper(
        customer_code=row.customer_code,
        day=row.received_on,
        order=row.order_number,
        invoice=row.invoice_number,
    )


def _settle(
    company: Company, new: Mapping[str, tuple[BillRow, NewBill]], ids: Mapping[str, UUID], *, actor: Actor
) -> None:
    """Let each bill settle what it names (or what is certain), and stand in the stage of bills."""
    if not new:
        return
    accounts = book_allocations.lock_accounts(
        company=company, keys={(bill.customer_id, bill.currency) for _, bill in new.values()}
    )
    record_payments.record_payments(
        rows=[_payment(row, bill) for row, bill in new.values()], company=company, actor=actor
    )
    cash.link_bills(company_id=company.pk, bills={f"{PAYMENT_PREFIX}{number}": ids[number] for number in new})
    exposure.post(
        entries=[
            exposure.NewEntry(
                account_id=accounts[bill.customer_id, bill.currency],
                stage=Stage.BILL,
                amount=bill.amount,
                obligation=f"bill:{number}",
                cause="bill.received",
                cause_id=ids[number],
                effective_date=bill.received_on,
            )
            for number, (_, bill) in new.items()
        ]
    )


def _payment(row: BillRow, bill: NewBill) -> PaymentRow:
    return PaymentRow(
        number=f"{PAYMENT_PREFIX}{bill.number}",
        customer_code=row.customer_code,
        payment_date=bill.received_on,
        amount=bill.amount,
        currency=bill.currency,
        invoice_number=bill.invoice_number,
        order_number=bill.order_number,
        payer=bill.acceptor,
        source=bill.source,
    )


def _sorted(
    place: int,
    row: BillRow,
    customers: Mapping[str, NamedCustomer],
    known: Mapping[str, BillRecord],
    new: dict[str, tuple[BillRow, NewBill]],
) -> RowResult:
    at = row.row or place
    try:
        bill = _bill(row, customers)
        recorded = known.get(row.number)
        before = recorded or (new[row.number][1] if row.number in new else None)
        _refuse_other_content(row, bill, None if before is None else before.content_hash)
    except RefusedRowError as refusal:
        return refusal.result(row=at, number=row.number)
    if before is not None:
        return RowResult(
            row=at,
            number=row.number,
            status=RowStatus.UNCHANGED,
            id=None if recorded is None else recorded.id,
            is_duplicate=recorded is None,
        )
    new[row.number] = (row, bill)
    return RowResult(row=at, number=row.number, status=RowStatus.CREATED)


def _refuse_other_content(row: BillRow, bill: NewBill, before: str | None) -> None:
    if before is not None and before != bill.content_hash:
        raise RefusedRowError(field="number", value=row.number, words=_CHANGED.filled(number=row.number))


def _bill(row: BillRow, customers: Mapping[str, NamedCustomer]) -> NewBill:
    customer = row_results.known_customer(row.customer_code, customers)
    # The payment that it is bears the number behind a prefix and must still be a number.
    row_results.check_number(f"{PAYMENT_PREFIX}{row.number}" if row.number.strip() else row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    kind = _named(row.kind, _KINDS, field="kind", words=_UNKNOWN_KIND)
    acceptor_class = (
        _named(row.acceptor_class, _CLASSES, field="acceptor_class", words=_UNKNOWN_CLASS)
        if row.acceptor_class.strip()
        else _WEAKEST[kind]
    )
    held = _range_of(row, amount)
    if row.due_date <= row.issue_date:
        raise RefusedRowError(field="due_date", value=row.due_date.isoformat(), words=_DATES)
    return bill_operations.NewBill(
        customer_id=customer.id,
        number=row.number,
        kind=kind.value,
        acceptor=row.acceptor,
        acceptor_class=acceptor_class.value,
        drawer=row.drawer,
        currency=amount.currency,
        amount=amount.amount,
        issue_date=row.issue_date,
        received_on=row.received_on,
        due_date=row.due_date,
        content_hash=_digest(row, kind, acceptor_class, amount),
        invoice_number=row.invoice_number,
        order_number=row.order_number,
        source=row.source,
        is_demo=customer.is_demo,
        first_unit=None if held is None else held.first,
    )


def _range_of(row: BillRow, amount: Money) -> SubRange | None:
    if not row.sub_range.strip():
        return None
    found = bills.parse_range(row.sub_range)
    if found is None or found.amount != amount.amount:
        raise RefusedRowError(field="sub_range", value=row.sub_range, words=_RANGE)
    return found


def _digest(row: BillRow, kind: BillKind, acceptor_class: AcceptorClass, amount: Money) -> str:
    return record_documents.digest(
        {
            "customer": row.customer_code,
            "kind": kind.value,
            "acceptor": row.acceptor,
            "class": acceptor_class.value,
            "amount": amount.text(),
            "currency": amount.currency,
            "issued": row.issue_date,
            "due": row.due_date,
            "received": row.received_on,
            "invoice": row.invoice_number,
            "order": row.order_number,
            **({"range": row.sub_range} if row.sub_range else {}),
        }
    )


def _named(value: str, names: Mapping[str, N], *, field: str, words: Words) -> N:
    found = names.get(value.strip().lower())
    if found is None:
        raise RefusedRowError(field=field, value=value, words=words.filled(value=value))
    return found
