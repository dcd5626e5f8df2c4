"""Write contracts as drafts: their terms read, the clauses of the grade chosen, and why legal has to look."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics.receivables import policies
from tradecredit.apps.receivables import contract_operations as operations
from tradecredit.apps.receivables import contract_queries as queries
from tradecredit.apps.receivables.models import BuyerClass, ContractStatus
from tradecredit.apps.scoring import queries as scoring
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import contracts, payment_law
from tradecredit.core.receivables.contracts import UnableToReadTermsError
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.cash import record_documents
from tradecredit.flows.contracts import contract_log
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.receivables.policies import ReceivablesPolicy
    from tradecredit.apps.receivables.contract_queries import ContractRecord
    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.contracts import Part
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_SIGNED: Final = Words(
    zh="合同 {number} 已签署，不能改写；变更请另签补充合同",
    en="contract {number} is signed and is not rewritten: write an amendment as a contract of its own",
)
_ENDS: Final = Words(zh="合同终止日早于生效日", en="the contract ends before it begins")
_CLASS: Final = Words(
    zh="未知的买方类别“{value}”，应为 other、large 或 public",
    en="{value} is no class of buyer: other, large or public",
)
_NO_TERMS: Final = Words(
    zh="请给出付款节点或账期天数", en="give the parts of the terms, or the terms in days"
)
_RATE_MOST: Final = Decimal("0.01")
_RATE: Final = Words(zh="日利率须在 0 与 1% 之间", en="a daily rate lies between 0 and 1 %")


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRow:
    """A contract as it came: with the parts of its terms, or with terms in days for the whole amount."""

    number: str
    customer_code: str
    amount: Decimal
    valid_from: date
    currency: str = ""
    valid_to: date | None = None
    title: str = ""
    salesperson: str = ""
    buyer_class: str = "other"
    is_small_seller: bool = False
    interest_daily_rate: Decimal | None = None
    parts: Sequence[Mapping[str, Any]] = ()
    terms_days: int | None = None
    row: int = 0


def save_contracts(*, rows: Sequence[ContractRow], company: Company, actor: Actor) -> ImportResult:
    """Write the drafts in one transaction; a refused row does not stop the good ones.

    Idempotent by company and number; a draft is written anew, a signed contract is refused.
    """
    with db.unit_of_work(actor):
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        known = queries.by_number(company_id=company.pk, numbers=[row.number for row in rows])
        policy = policies.in_force(company_id=company.pk, as_of=clock.today(company))
        results: list[RowResult] = []
        for place, row in enumerate(rows, start=1):
            try:
                results.append(_save(row, row.row or place, company, policy, customers, known, actor))
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=row.number))
        done = row_results.in_order(results)
        keep_refused.keep(company=company, kind="contracts", rows=rows, result=done, actor=actor)
    return done


def _save(  # noqa: PLR0917 - what one row needs of its batch
    row: ContractRow,
    place: int,
    company: Company,
    policy: ReceivablesPolicy,
    customers: Mapping[str, NamedCustomer],
    known: dict[str, ContractRecord],
    actor: Actor,
) -> RowResult:
    new = _read(row, company, policy, customers)
    before = known.get(row.number)
    if before is not None and before.content_hash == new.content_hash:
        return RowResult(row=place, number=row.number, status=RowStatus.UNCHANGED, id=before.id)
    if before is not None and before.status in {ContractStatus.SIGNED, ContractStatus.ENDED}:
        raise RefusedRowError(field="number", value=row.number, words=_SIGNED.filled(number=row.number))
    contract_id = operations.save_draft(
        company_id=company.pk, new=new, actor=actor, contract_id=before.id if before else None
    )
    known.update(queries.by_number(company_id=company.pk, numbers=[row.number]))
    words = Words(
        zh=f"登记合同 {row.number}：{new.amount} {new.currency}",
        en=f"Contract {row.number}: {new.amount} {new.currency}",
    )
    contract_log.append(company=company, contract=known[row.number], kind="drafted", words=words, actor=actor)
    status = RowStatus.CREATED if before is None else RowStatus.UPDATED
    return RowResult(row=place, number=row.number, status=status, id=contract_id)


def _read(
    row: ContractRow, company: Company, policy: ReceivablesPolicy, customers: Mapping[str, NamedCustomer]
) -> operations.NewContract:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    parts = _parts(row)
    _check(row)
    grade = _grade(company, customer.id)
    template = policy.contracts.template_for(grade)
    reasons = contracts.review_reasons(
        policy=policy.contracts,
        amount=amount,
        grade=grade,
        parts=parts,
        legal_term=_legal_term(row, parts, policy),
    )
    return operations.NewContract(
        customer_id=customer.id,
        number=row.number,
        title=row.title,
        amount=amount.amount,
        currency=amount.currency,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        salesperson=row.salesperson,
        buyer_class=row.buyer_class,
        is_small_seller=row.is_small_seller,
        interest_daily_rate=row.interest_daily_rate,
        terms=contracts.as_document(parts),
        grade=grade,
        template=template.key,
        clauses=template.clauses,
        acceleration_days=template.acceleration_days,
        review_reasons=[{"code": one.code, **one.words.as_dict()} for one in reasons],
        content_hash=_digest(row, amount, parts),
        is_demo=customer.is_demo,
    )


def _parts(row: ContractRow) -> tuple[Part, ...]:
    document = list(row.parts)
    if not document:
        if row.terms_days is None:
            raise RefusedRowError(field="parts", value="", words=_NO_TERMS)
        document = [{"kind": "milestone", "percent": "100", "days": row.terms_days}]
    try:
        return contracts.parts_from(document)
    except UnableToReadTermsError as error:
        raise RefusedRowError(field="parts", value="", words=error.words) from error


def _check(row: ContractRow) -> None:
    if row.valid_to is not None and row.valid_to < row.valid_from:
        raise RefusedRowError(field="valid_to", value=row.valid_to.isoformat(), words=_ENDS)
    if row.buyer_class not in set(BuyerClass.values):
        raise RefusedRowError(
            field="buyer_class", value=row.buyer_class, words=_CLASS.filled(value=row.buyer_class)
        )
    if row.interest_daily_rate is not None and not 0 <= row.interest_daily_rate <= _RATE_MOST:
        raise RefusedRowError(field="interest_daily_rate", value=f"{row.interest_daily_rate:f}", words=_RATE)


def _legal_term(
    row: ContractRow, parts: Sequence[Part], policy: ReceivablesPolicy
) -> payment_law.LegalTerm | None:
    if not row.is_small_seller:
        return None
    return payment_law.legal_term(
        laws=policy.payment_law,
        buyer=row.buyer_class,
        signed_on=row.valid_from,
        # What is kept back as a retention is no term of payment for the delivery itself.
        agreed_days=max((part.days for part in parts if part.kind != "retention"), default=None),
    )


def _grade(company: Company, customer_id: UUID) -> str:
    day = clock.today(company)
    found = scoring.latest(company_id=company.pk, customer_ids=[customer_id], as_of=day).get(customer_id)
    return found.grade if found is not None else ""


def _digest(row: ContractRow, amount: Money, parts: Sequence[Part]) -> str:
    return record_documents.digest(
        {
            "customer": row.customer_code,
            "amount": amount.text(),
            "currency": amount.currency,
            "from": row.valid_from,
            "to": row.valid_to,
            "title": row.title,
            "salesperson": row.salesperson,
            "buyer": row.buyer_class,
            "small": row.is_small_seller,
            "rate": row.interest_daily_rate,
            "parts": contracts.as_document(parts),
        }
    )
