"""Record lines that a file brings as opening balances; the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.limits import operations, queries
from tradecredit.apps.limits.operations import NewLine
from tradecredit.core.kernel import limit as tagged
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from tradecredit.apps.limits.queries import Key, LineRecord
    from tradecredit.core.kernel.limit import Limit
    from tradecredit.flows.row_results import NamedCustomer
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

OPENING = "opening"
_UNLIMITED = frozenset({"unlimited", "不限", "无限", "不控制"})
_NOT_SET = frozenset({"not set", "未授信", "未设置"})
_REASON = "opening balance"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitRow:
    """A line as it came: ``limit`` is an amount, ``unlimited`` or ``not set``."""

    customer_code: str
    limit: str
    currency: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    days: int | None = None
    row: int = 0


def import_limits(
    *, rows: Sequence[LimitRow], company: Company, actor: Actor, as_of: date | None = None
) -> ImportResult:
    """Record the lines in one transaction; a refused row does not stop the good ones.

    A line that was approved here is not overwritten by a file: its row is refused with what to do instead.
    """
    day = as_of or clock.today(company)
    with db.unit_of_work(actor):
        customers = row_results.customers_by_code(
            company_id=company.pk, codes=[row.customer_code for row in rows]
        )
        known = queries.lines(company_id=company.pk, customer_ids=[each.id for each in customers.values()])
        latest = {key: _latest_base(lines) for key, lines in known.items()}

        results: list[RowResult] = []
        new: dict[Key, NewLine] = {}
        for place, row in enumerate(rows, start=1):
            try:
                line = _new_line(row, customers=customers, day=day, actor=actor)
                key = (line.customer_id, line.currency)
                status = _status(row, line, latest.get(key), new.get(key))
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=row.customer_code))
                continue
            if status is not RowStatus.UNCHANGED:
                new[key] = line
            results.append(
                RowResult(row=row.row or place, number=row.customer_code, status=status, id=line.customer_id)
            )

        operations.open_lines(company_id=company.pk, new=list(new.values()))
        _tell(company, new=list(new.values()), latest=latest, actor=actor)
    return row_results.in_order(results)


def _latest_base(lines: Sequence[LineRecord]) -> LineRecord | None:
    base = [each for each in lines if each.line.kind == "base"]
    return max(base, key=lambda each: (each.line.recorded_at, each.line.line_id), default=None)


def _status(
    row: LimitRow, line: NewLine, latest: LineRecord | None, earlier_row: NewLine | None
) -> RowStatus:
    if earlier_row is not None and earlier_row != line:
        raise _refused(
            "customer_code",
            row.customer_code,
            zh="同一客户同一币种在文件中出现两次且内容不同，请只保留一行",
            en="this customer and currency stand in the file twice with different lines; keep one",
        )
    if earlier_row is not None:
        return RowStatus.UNCHANGED
    if latest is None:
        return RowStatus.CREATED
    if latest.line.origin != OPENING:
        raise _refused(
            "customer_code",
            row.customer_code,
            zh="该客户的额度已在系统内批准，不能用文件覆盖；请提出额度申请",
            en="this customer's line was approved here and a file does not overwrite it; propose a line instead",
        )
    is_same = latest.line.limit == line.limit and latest.days == line.days
    # A file without days is read on another day again: the line that is there goes on.
    from_same_day = row.valid_from is None or latest.line.validity.valid_from == row.valid_from
    until_same_day = latest.line.validity.valid_to == line.validity.valid_to
    return RowStatus.UNCHANGED if is_same and from_same_day and until_same_day else RowStatus.UPDATED


def _new_line(row: LimitRow, *, customers: Mapping[str, NamedCustomer], day: date, actor: Actor) -> NewLine:
    customer = row_results.known_customer(row.customer_code, customers)
    currency = _currency(row, customer)
    starts = row.valid_from or day
    if row.valid_to is not None and row.valid_to <= starts:
        raise _refused(
            "valid_to",
            row.valid_to.isoformat(),
            zh=f"到期日不晚于起始日 {starts}，请更正",
            en=f"the end is not after the beginning on {starts}; correct it",
        )
    return NewLine(
        customer_id=customer.id,
        line_kind="base",
        limit=_limit(row.limit, currency),
        currency=currency,
        days=row.days,
        validity=Validity(starts, row.valid_to),
        origin=OPENING,
        requested_by_id=actor.user_id,
        approved_by_id=actor.user_id,
        reason=_REASON,
    )


def _currency(row: LimitRow, customer: NamedCustomer) -> str:
    try:
        return money.parse_currency(row.currency or customer.currency)
    except InvalidMoneyError as error:
        raise _refused(
            "currency", row.currency or "", zh="币种代码无效，请更正", en=f"{error}; correct it"
        ) from error


def _limit(text: str, currency: str) -> Limit:
    cleaned = text.strip().lower()
    if cleaned in _UNLIMITED:
        return tagged.Unlimited()
    if cleaned in _NOT_SET:
        return tagged.NotSet()
    try:
        amount = money.parse(cleaned.replace(",", ""), currency)
    except InvalidMoneyError as error:
        raise _refused(
            "limit",
            text,
            zh="额度应为金额、unlimited（不限）或 not set（未授信），请更正",
            en="a limit is an amount, unlimited or not set; correct it",
        ) from error
    if amount.amount < 0:
        raise _refused("limit", text, zh="额度不能为负数，请更正", en="a limit is not below zero; correct it")
    return tagged.Amount(amount)


def _refused(field: str, value: str, *, zh: str, en: str) -> RefusedRowError:
    return RefusedRowError(field=field, value=value, words=Words(zh=zh, en=en))


def _tell(
    company: Company, *, new: Sequence[NewLine], latest: Mapping[Key, LineRecord | None], actor: Actor
) -> None:
    payloads = []
    entries = []
    for line in new:
        before = latest.get((line.customer_id, line.currency))
        old = tagged.text(before.line.limit) if before else tagged.text(tagged.NotSet())
        now = tagged.text(line.limit)
        payload = {
            "customer_id": str(line.customer_id),
            "currency": line.currency,
            "old": old,
            "new": now,
            "kind": "base",
        }
        payloads.append((line.customer_id, payload))
        entries.append(
            log.NewEntry(
                stream=f"customer:{line.customer_id}",
                kind="limit.changed",
                words=Words(
                    zh=f"导入期初授信额度 {old} → {now} {line.currency}",
                    en=f"Opening credit line imported: {old} → {now} {line.currency}",
                ),
                payload=payload,
            )
        )
    log.append(company_id=company.pk, actor=actor, entries=entries)
    events.emit_many(name="limit.changed", company_id=company.pk, payloads=payloads)
