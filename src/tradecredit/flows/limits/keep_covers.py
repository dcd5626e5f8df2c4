"""Record guarantees, insured limits, collateral and deposits; activate them when their documents are there; withdraw them."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.apps.exposure import locks as exposure_locks
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.limits import cover_operations, cover_queries
from tradecredit.apps.limits.models import CoverKind, CoverStatus
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows import keep_refused, row_results
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.apps.limits.cover_queries import CoverRecord
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_KINDS: Final[Mapping[str, CoverKind]] = {
    **{one.value: one for one in CoverKind},
    "担保": CoverKind.GUARANTEE,
    "保证": CoverKind.GUARANTEE,
    "信用保险": CoverKind.INSURANCE,
    "信保": CoverKind.INSURANCE,
    "抵押": CoverKind.COLLATERAL,
    "抵押物": CoverKind.COLLATERAL,
    "保证金": CoverKind.DEPOSIT,
}
_UNKNOWN_KIND: Final = Words(
    zh="未知的担保种类“{value}”，应为担保、信用保险、抵押或保证金",
    en="no such kind of cover: {value}; it is guarantee, insurance, collateral or deposit",
)
_HAIRCUT: Final = Words(zh="折扣率应在 0 与 1 之间", en="a haircut is a share between 0 and 1")
_VALIDITY: Final = Words(zh="失效日须在生效日之后", en="a cover ends after it begins")
_CHANGED: Final = Words(
    zh="担保 {number} 已登记且内容不同；请撤销后以新编号登记",
    en="cover {number} is recorded with other content; withdraw it and record a new one",
)


class UnableToActivateCoverError(UnableToError):
    """Documents are missing, the recorder would activate it, or it has ended."""

    code = "cover_not_activated"
    status = 409


class UnableToFindCoverError(UnableToError):
    """No such cover in the company, or the actor may not see it."""

    code = "cover_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverRow:
    """A cover as it came; ``haircut`` is the share that is cut off, ``documents`` what activation asks for."""

    number: str
    customer_code: str
    kind: str
    provider: str
    amount: Decimal
    valid_from: date
    valid_to: date | None = None
    currency: str = ""
    haircut: Decimal = Decimal(0)
    notify_days: int | None = None
    documents: tuple[str, ...] = ()
    note: str = ""
    row: int = 0


def record_covers(*, rows: Sequence[CoverRow], company: Company, actor: Actor) -> ImportResult:
    """Record covers in one transaction; none of them counts until it is activated.

    Idempotent by company and number; the same number with another content is refused.
    """
    with db.unit_of_work(actor):
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        known = cover_queries.covers_by_number(company_id=company.pk, numbers=[row.number for row in rows])
        new: dict[str, cover_operations.NewCover] = {}
        results = [_sorted(at, row, customers, known, new) for at, row in enumerate(rows, start=1)]
        ids = cover_operations.record_covers(
            company_id=company.pk, covers=list(new.values()), recorded_by_id=actor.user_id
        )
        done = row_results.in_order(
            row_results.with_id(one, ids[one.number]) if one.status is RowStatus.CREATED else one
            for one in results
        )
        keep_refused.keep(company=company, kind="covers", rows=rows, result=done, actor=actor)
    return done


def activate_cover(
    *,
    company: Company,
    number: str,
    documents: Sequence[str],
    actor: Actor,
    as_of: date | None = None,
) -> CoverRecord:
    """Say which documents are there and, when none is missing, let the cover count from the day.

    A second person does it. Raises UnableToFindCoverError, UnableToActivateCoverError.
    """
    with db.unit_of_work(actor):
        cover = _locked(company, number)
        received = [*cover.documents_received, *documents]
        there = [one for one in cover.documents_required if one in received]
        missing = [one for one in cover.documents_required if one not in received]
        _refuse_activation(cover, missing, actor=actor)
        cover_operations.receive_documents(cover_id=cover.id, documents=there)
        cover_operations.activate(
            cover_id=cover.id, day=as_of or clock.today(company), activated_by_id=actor.user_id
        )
        _tell(company, cover, "activated", _ACTIVATED.filled(number=number), actor=actor)
        return cover_queries.covers_by_number(company_id=company.pk, numbers=[number])[number]


def withdraw_cover(
    *, company: Company, number: str, reason: str, actor: Actor, as_of: date | None = None
) -> CoverRecord:
    """Let a cover count no more from the day on; raises UnableToFindCoverError, UnableToActivateCoverError."""
    with db.unit_of_work(actor):
        cover = _locked(company, number)
        if cover.status == CoverStatus.WITHDRAWN:
            raise _ended(cover)
        cover_operations.withdraw(cover_id=cover.id, day=as_of or clock.today(company))
        _tell(company, cover, "withdrawn", _WITHDRAWN.filled(number=number, reason=reason), actor=actor)
        return cover_queries.covers_by_number(company_id=company.pk, numbers=[number])[number]


_ACTIVATED: Final = Words(zh="担保 {number} 已生效", en="Cover {number} counts from now on")
_WITHDRAWN: Final = Words(zh="担保 {number} 已撤销：{reason}", en="Cover {number} withdrawn: {reason}")


def _locked(company: Company, number: str) -> CoverRecord:
    found = cover_queries.covers_by_number(company_id=company.pk, numbers=[number]).get(number)
    if found is None:
        raise UnableToFindCoverError(
            Words(zh="没有担保 {number}。", en="There is no cover {number}.").filled(number=number),
            number=number,
        )
    # A cover changes what the account may reach: nobody checks against it while it changes.
    accounts = exposure.open_accounts(wanted={(company.pk, found.customer_id, found.amount.currency)})
    exposure_locks.lock_accounts(accounts.values())
    return cover_queries.covers_by_number(company_id=company.pk, numbers=[number])[number]


def _refuse_activation(cover: CoverRecord, missing: Sequence[str], *, actor: Actor) -> None:
    if cover.status != CoverStatus.WAITING:
        raise _ended(cover)
    if missing:
        raise UnableToActivateCoverError(
            Words(
                zh="担保 {number} 缺少文件：{missing}。补齐后再生效。",
                en="Cover {number} lacks {missing}. Bring them in before it counts.",
            ).filled(number=cover.number, missing=", ".join(missing)),
            missing=", ".join(missing),
        )
    if cover.recorded_by_id == actor.user_id and not actor.is_system:
        raise UnableToActivateCoverError(
            Words(
                zh="担保 {number} 由您登记，须由他人生效。",
                en="You recorded cover {number}: another person lets it count.",
            ).filled(number=cover.number),
            number=cover.number,
        )


def _ended(cover: CoverRecord) -> UnableToActivateCoverError:
    return UnableToActivateCoverError(
        Words(
            zh="担保 {number} 当前为 {status}。", en="Cover {number} is {status} already."
        ).filled(number=cover.number, status=cover.status),
        number=cover.number,
    )  # fmt: skip


def _sorted(
    place: int,
    row: CoverRow,
    customers: Mapping[str, NamedCustomer],
    known: Mapping[str, CoverRecord],
    new: dict[str, cover_operations.NewCover],
) -> RowResult:
    at = row.row or place
    try:
        cover = _cover(row, customers)
        before = known.get(row.number) or new.get(row.number)
        _refuse_other_content(row, cover.content_hash, None if before is None else before.content_hash)
    except RefusedRowError as refusal:
        return refusal.result(row=at, number=row.number)
    if before is not None:
        return RowResult(row=at, number=row.number, status=RowStatus.UNCHANGED)
    new[row.number] = cover
    return RowResult(row=at, number=row.number, status=RowStatus.CREATED)


def _refuse_other_content(row: CoverRow, now: str, before: str | None) -> None:
    if before is not None and before != now:
        raise RefusedRowError(field="number", value=row.number, words=_CHANGED.filled(number=row.number))


def _cover(row: CoverRow, customers: Mapping[str, NamedCustomer]) -> cover_operations.NewCover:
    customer = row_results.known_customer(row.customer_code, customers)
    row_results.check_number(row.number)
    amount = row_results.positive_amount(row.amount, row.currency or customer.currency)
    kind = _KINDS.get(row.kind.strip().lower())
    if kind is None:
        raise RefusedRowError(field="kind", value=row.kind, words=_UNKNOWN_KIND.filled(value=row.kind))
    if not 0 <= row.haircut <= 1:
        raise RefusedRowError(field="haircut", value=f"{row.haircut:f}", words=_HAIRCUT)
    if row.valid_to is not None and row.valid_to <= row.valid_from:
        raise RefusedRowError(field="valid_to", value=row.valid_to.isoformat(), words=_VALIDITY)
    said = [
        *(row.customer_code, kind.value, row.provider, amount.text(), amount.currency, row.haircut),
        *(row.valid_from, row.valid_to, row.notify_days, row.documents),
    ]
    return cover_operations.NewCover(
        customer_id=customer.id,
        number=row.number,
        kind=kind.value,
        provider=row.provider,
        currency=amount.currency,
        amount=amount.amount,
        haircut_share=row.haircut,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        notify_days=row.notify_days,
        documents_required=row.documents,
        note=row.note,
        content_hash=canonical.sha256(canonical.dumps(said)),
        is_demo=customer.is_demo,
    )


def _tell(company: Company, cover: CoverRecord, what: str, words: Words, *, actor: Actor) -> None:
    events.emit_many(
        name="limit.changed",
        company_id=company.pk,
        payloads=[(cover.customer_id, {"customer_id": cover.customer_id, "cover": cover.number})],
    )
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{cover.customer_id}",
                kind=f"cover.{what}",
                words=words,
                payload={"cover": cover.number},
            )
        ],
    )
