"""Shut the receivables up to a day, and open them again: what is shut is corrected by new entries only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import aging, verification
from tradecredit.apps.receivables import periods
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToClosePeriodError(UnableToError):
    """The day has not passed, is shut already, or the books do not agree with their entries."""

    code = "period_not_closed"
    status = 409


def close_period(
    *, company: Company, until: date, actor: Actor, reason: str = ""
) -> dict[str, dict[str, str]]:
    """Shut every day up to ``until`` for invoices, credit notes, payments, returns and allocations.

    Keeps and returns what was open, unapplied and credited on that day, by currency. Raises UnableToClosePeriodError.
    """
    with db.unit_of_work(actor):
        periods.lock_for_closing(company_id=company.pk)
        _check(company, until)
        figures = {
            group.currency: {
                "open": group.aged.open.text(),
                "unapplied_cash": group.aged.unapplied_cash.text(),
                "credit_notes": group.aged.credit_notes.text(),
                "bills": group.aged.bills.text(),
            }
            for group in aging.aging(as_of=until, company_id=company.pk, by=("company",)).totals
        }
        words = Words(zh="应收账款结账至 {until}", en="Receivables closed up to {until}").filled(until=until)
        _record(company, until, actor, words, reason=reason, figures=figures, is_reopening=False)
    return figures


def reopen_period(*, company: Company, until: date, reason: str, actor: Actor) -> None:
    """Open the books again: afterwards they are shut up to ``until`` only. Raises UnableToClosePeriodError."""
    with db.unit_of_work(actor):
        periods.lock_for_closing(company_id=company.pk)
        shut = periods.closed_until(company_id=company.pk)
        if shut is None or until >= shut or not reason.strip():
            raise UnableToClosePeriodError(
                Words(
                    zh="反结账需要原因，且新的结账日须早于当前结账日 {shut}。",
                    en="Reopening needs a reason and a day before {shut}, up to which the books are closed.",
                ).filled(shut=shut or "-")
            )
        words = Words(
            zh="反结账：应收账款仅结账至 {until}，原因：{reason}",
            en="Reopened: the receivables are closed up to {until} only, because: {reason}",
        ).filled(until=until, reason=reason)
        _record(company, until, actor, words, reason=reason, figures={}, is_reopening=True)


def _check(company: Company, until: date) -> None:
    shut = periods.closed_until(company_id=company.pk)
    today = clock.today(company)
    if until >= today or (shut is not None and until <= shut):
        raise UnableToClosePeriodError(
            Words(
                zh="只能结账至今天 {today} 之前、当前结账日 {shut} 之后的一天，不能是 {until}。",
                en="The books are closed up to a day before today ({today}) and after {shut}, not {until}.",
            ).filled(today=today, shut=shut or "-", until=until),
            until=until.isoformat(),
        )
    differences = verification.verify(company_id=company.pk).differences
    if differences:
        raise UnableToClosePeriodError(
            Words(
                zh="账面与分录不一致（{count} 处），请先运行 ledger verify 查明：{first}",
                en="The books differ from their entries in {count} places; see ledger verify first: {first}",
            ).filled(count=len(differences), first=differences[0].place)
        )


def _record(
    company: Company,
    until: date,
    actor: Actor,
    words: Words,
    *,
    reason: str,
    figures: dict[str, dict[str, str]],
    is_reopening: bool,
) -> None:
    periods.record(
        company_id=company.pk,
        until=until,
        is_reopening=is_reopening,
        reason=reason,
        figures=figures,
        recorded_by=actor.name,
    )
    entry = log.NewEntry(
        stream=f"period:{company.pk}",
        kind="period.reopened" if is_reopening else "period.closed",
        words=words,
        payload={"until": until.isoformat(), "figures": figures},
    )
    log.append(company_id=company.pk, actor=actor, entries=[entry])
