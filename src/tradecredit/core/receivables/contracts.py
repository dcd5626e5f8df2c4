"""Contracts: the parts of their terms, the schedule that signing makes of them, and what asks for a legal look.

A part is a share of the contract with what makes it due: signing (prepayment, instalment), a day of its own
(instalment), or an event that has to happen first (milestone, retention). Until that event its due day is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import money, periods
from tradecredit.core.kernel.reasons import Reason, Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.contract_policy import ContractPolicy
    from tradecredit.core.receivables.payment_law import LegalTerm

KINDS: Final = ("prepayment", "instalment", "milestone", "retention")
_WAIT_FOR_AN_EVENT: Final = frozenset({"milestone", "retention"})
_WHOLE: Final = Decimal(100)
_DAYS_MOST: Final = 3650
_PARTS_MOST: Final = 60


class UnableToReadTermsError(UnableToError):
    """The parts of a contract do not make its whole, or one of them is not to be understood."""

    code = "contract_terms"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of the contract in percent; due ``days`` after what makes it due, or after the end of that month."""

    kind: str
    percent: Decimal
    days: int = 0
    is_from_month_end: bool = False
    label: str = ""
    due_date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One part as it stands in the schedule; ``due_date`` is None until its event happens."""

    sequence: int
    kind: str
    label: str
    amount: Money
    days: int
    is_from_month_end: bool
    reached_on: date | None
    due_date: date | None


def parts_from(document: Any) -> tuple[Part, ...]:
    """Read parts as they came (``[{kind, percent, days?, month_end?, label?, due_date?}]``).

    Raises UnableToReadTermsError naming the part, or when the percentages do not sum to 100.
    """
    if not isinstance(document, list) or not 0 < len(document) <= _PARTS_MOST:
        raise _refuse(f"请给出 1 至 {_PARTS_MOST} 个付款节点", f"give 1 to {_PARTS_MOST} parts")
    parts = tuple(_part(number, entry) for number, entry in enumerate(document, start=1))
    whole = sum((part.percent for part in parts), Decimal(0))
    if whole != _WHOLE:
        raise _refuse(
            f"各付款节点比例之和为 {whole}，应为 100", f"the parts sum to {whole} percent, not to 100"
        )
    return parts


def as_document(parts: Sequence[Part]) -> list[dict[str, Any]]:
    """Return parts as they are recorded; ``parts_from`` reads them back."""
    return [
        {
            "kind": part.kind,
            "percent": f"{part.percent:f}",
            "days": part.days,
            "month_end": part.is_from_month_end,
            "label": part.label,
            "due_date": part.due_date.isoformat() if part.due_date else None,
        }
        for part in parts
    ]


def schedule(*, parts: Sequence[Part], amount: Money, signed_on: date) -> tuple[ScheduleLine, ...]:
    """Return the schedule that signing makes; its amounts sum to the contract's.

    100,000.00 with 30 % seven days after signing and 70 % thirty days after acceptance is 30,000.00 due on day 7
    and 70,000.00 whose due day is unknown until acceptance.
    """
    amounts = money.split(amount, [part.percent for part in parts])
    lines = []
    for sequence, (part, share) in enumerate(zip(parts, amounts, strict=True), start=1):
        waits = part.kind in _WAIT_FOR_AN_EVENT and part.due_date is None
        lines.append(
            ScheduleLine(
                sequence=sequence,
                kind=part.kind,
                label=part.label,
                amount=share,
                days=part.days,
                is_from_month_end=part.is_from_month_end,
                reached_on=None if waits else signed_on,
                due_date=None
                if waits
                else part.due_date or due_after(signed_on, part.days, part.is_from_month_end),
            )
        )
    return tuple(lines)


def due_after(day: date, days: int, is_from_month_end: bool) -> date:  # noqa: FBT001 - read from a part, in its order
    """Return the due day: 5 June with 30 days is 5 July; from the month's end, 30 July."""
    return (periods.month_end(day) if is_from_month_end else day) + timedelta(days=days)


def is_accelerated(*, clause_days: int | None, overdue_days: int) -> bool:
    """Tell whether the rest of a contract falls due: with a clause of 60 days, from 60 days overdue on."""
    return clause_days is not None and overdue_days >= clause_days


def review_reasons(
    *,
    policy: ContractPolicy,
    amount: Money,
    grade: str,
    parts: Sequence[Part],
    legal_term: LegalTerm | None,
) -> tuple[Reason, ...]:
    """Return why legal has to look at a contract before it is signed; none when it may be signed at once."""
    review = policy.review
    found = []
    ceiling = review.amount_over.get(amount.currency)
    if ceiling is not None and amount > ceiling:
        found.append(_reason("amount", "合同金额 {amount} 超过 {most}", "the amount {amount} is over {most}",
                             amount=amount.text(), most=ceiling.text()))  # fmt: skip
    if grade in review.grades:
        found.append(_reason("grade", "客户等级为 {grade}", "the customer's grade is {grade}", grade=grade))
    retained = sum((part.percent for part in parts if part.kind == "retention"), Decimal(0))
    if retained > review.retention_over:
        found.append(_reason("retention", "质保金 {part}% 超过 {most}%", "retention of {part} % is over {most} %",
                             part=f"{retained:f}", most=f"{review.retention_over:f}"))  # fmt: skip
    longest = max((part.days for part in parts if part.kind != "retention"), default=0)
    if longest > review.days_over:
        found.append(_reason("days", "账期 {days} 天超过 {most} 天", "{days} days of credit are over {most}",
                             days=str(longest), most=str(review.days_over)))  # fmt: skip
    if legal_term is not None and legal_term.is_beyond:
        found.append(_reason("law", "约定账期超过法定上限 {days} 天（{source}）",
                             "the days agreed are over the legal {days} ({source})",
                             days=str(legal_term.days), source=legal_term.law.source))  # fmt: skip
    return tuple(found)


def _part(number: int, entry: Any) -> Part:
    try:
        return _read_part(entry)
    except (KeyError, TypeError, ValueError, ArithmeticError) as error:
        raise _refuse(
            f"第 {number} 个付款节点无法识别：{error}", f"part {number} is not to be understood: {error}"
        ) from error


def _read_part(entry: Mapping[str, Any]) -> Part:
    unknown = set(entry) - {"kind", "percent", "days", "month_end", "label", "due_date"}
    if unknown:
        raise ValueError(", ".join(sorted(unknown)))
    kind, percent, days = str(entry["kind"]), Decimal(str(entry["percent"])), entry.get("days") or 0
    if kind not in KINDS:
        raise ValueError(f"kind {kind}: {', '.join(KINDS)}")
    if not percent.is_finite() or percent <= 0:
        raise ValueError(f"percent {percent}")
    if isinstance(days, bool) or not isinstance(days, int) or not 0 <= days <= _DAYS_MOST:
        raise ValueError(f"days {days}")
    due = entry.get("due_date")
    return Part(
        kind=kind,
        percent=percent,
        days=days,
        is_from_month_end=entry.get("month_end") is True,
        label=str(entry.get("label") or "")[:200],
        due_date=date.fromisoformat(due) if due else None,
    )


def _reason(code: str, zh: str, en: str, **facts: str) -> Reason:
    return Reason(code, Words(zh=zh, en=en).filled(**facts), facts)


def _refuse(zh: str, en: str) -> UnableToReadTermsError:
    return UnableToReadTermsError(Words(zh=zh, en=en))
