"""The reports by name: one table of reports for the command line, the pages and the interface."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tradecredit.analytics.collections import letters_table
from tradecredit.analytics.dossier import own_values
from tradecredit.analytics.exposure import levels_table, standing
from tradecredit.analytics.order_checks import coverage, releases
from tradecredit.analytics.receivables import (
    abc_report,
    account_books,
    aging,
    bank_books,
    contract_books,
    open_items,
    policies,
    provisions,
    ratios,
    tables,
)
from tradecredit.analytics.scoring import grades
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.plumbing.tables import Table


class UnableToReportError(UnableToError):
    """There is no report of that name, or it cannot look back."""

    code = "unable_to_report"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportRequest:
    """What a report is asked for; ``by`` empty means the report's own grouping."""

    as_of: date
    known_at: datetime | None = None
    by: tuple[str, ...] = ()
    scheme: str = policies.DEFAULT_SCHEME
    company_id: UUID | None = None


def make(*, name: str, request: ReportRequest) -> Table:
    """Make the report in the scope in force; raises UnableToReportError, UnableToAgeError."""
    if name not in REPORTS:
        names = ", ".join(sorted(REPORTS))
        raise UnableToReportError(
            Words(zh=f"没有名为 {name} 的报表；可选：{names}。", en=f"There is no report {name}; choose from {names}.")
        )  # fmt: skip
    if request.known_at is not None and name in ONLY_NOW:
        raise UnableToReportError(
            Words(
                zh=f"报表 {name} 只反映现在的状态，不能按过去得知的时点查看：请去掉 known_at。",
                en=f"The report {name} is kept as it is now only and cannot look back: leave known_at out.",
            )
        )
    return REPORTS[name](request)


def _aging(request: ReportRequest) -> Table:
    return tables.aging_table(
        aging.aging(
            as_of=request.as_of,
            known_at=request.known_at,
            by=request.by or ("customer",),
            scheme=request.scheme,
            company_id=request.company_id,
        )
    )


def _dso(request: ReportRequest) -> Table:
    return tables.dso_table(_ratios(request))


def _collection_rate(request: ReportRequest) -> Table:
    return tables.collection_rate_table(_ratios(request))


def _days_to_pay(request: ReportRequest) -> Table:
    return tables.paying_table(_ratios(request))


def _bad_debts(request: ReportRequest) -> Table:
    return tables.bad_debt_table(_ratios(request))


def _abc(request: ReportRequest) -> Table:
    return abc_report.abc_table(as_of=request.as_of, known_at=request.known_at, company_id=request.company_id)


def _provision(request: ReportRequest) -> Table:
    report = provisions.provisions(
        as_of=request.as_of,
        known_at=request.known_at,
        by=request.by or ("company",),
        company_id=request.company_id,
    )
    return provisions.provisions_table(report, dimensions=tables.dimension_columns(report.by))


def _statement_of_account(request: ReportRequest) -> Table:
    return account_books.account_table(
        as_of=request.as_of, known_at=request.known_at, company_id=request.company_id
    )


def _collection_progress(request: ReportRequest) -> Table:
    return contract_books.progress_table(as_of=request.as_of, company_id=request.company_id)


def _ratios(request: ReportRequest) -> ratios.RatioReport:
    return ratios.ratios(
        as_of=request.as_of,
        known_at=request.known_at,
        by=request.by or ("company",),
        company_id=request.company_id,
    )


def _overdue(request: ReportRequest) -> Table:
    return tables.overdue_table(
        open_items.open_items(
            as_of=request.as_of,
            known_at=request.known_at,
            company_id=request.company_id,
            only_overdue=True,
        )
    )


def _exposure(request: ReportRequest) -> Table:
    return standing.exposure_table(
        as_of=request.as_of,
        known_at=request.known_at,
        by=request.by or ("customer",),
        company_id=request.company_id,
    )


def _grades(request: ReportRequest) -> Table:
    return grades.grades_table(
        as_of=request.as_of,
        known_at=request.known_at,
        by=request.by or ("company",),
        company_id=request.company_id,
    )


def _letters(request: ReportRequest) -> Table:
    return letters_table.letters_table(as_of=request.as_of, company_id=request.company_id)


def _overrides(request: ReportRequest) -> Table:
    return releases.overrides_table(as_of=request.as_of, company_id=request.company_id)


def _hold_errors(request: ReportRequest) -> Table:
    return releases.hold_errors_table(as_of=request.as_of, company_id=request.company_id)


def _coverage(request: ReportRequest) -> Table:
    return coverage.coverage_table(as_of=request.as_of, company_id=request.company_id)


def _levels(request: ReportRequest) -> Table:
    return levels_table.levels_table(as_of=request.as_of, company_id=request.company_id)


def _customer_fields(request: ReportRequest) -> Table:
    return own_values.fields_table(
        as_of=request.as_of, known_at=request.known_at, company_id=request.company_id
    )


def _expected_payments(request: ReportRequest) -> Table:
    # The numeric library is loaded by who asks for a forecast only.
    from tradecredit.analytics.learning import expected_payments  # noqa: PLC0415

    if request.company_id is None:
        raise UnableToReportError(
            Words(
                zh="预计回款按公司给出：请指定公司。", en="Expected payments are told by company: name one."
            )
        )
    return expected_payments.expected_table(company_id=request.company_id, as_of=request.as_of)


def _settings(request: ReportRequest) -> Table:
    return levels_table.settings_table(as_of=request.as_of, company_id=request.company_id)


def _bank_statements(request: ReportRequest) -> Table:
    return bank_books.bank_statements_table(as_of=request.as_of, company_id=request.company_id)


# What these show is changed in place; an answer as known at a moment gone by would be today's in disguise.
ONLY_NOW: Final = frozenset(
    {
        "letters",
        "bank-statements",
        "overrides",
        "coverage",
        "levels",
        "settings",
        "hold-errors",
        "collection-progress",
        "expected-payments",
    }
)
REPORTS: Mapping[str, Callable[[ReportRequest], Table]] = {
    "aging": _aging,
    "dso": _dso,
    "collection-rate": _collection_rate,
    "days-to-pay": _days_to_pay,
    "bad-debts": _bad_debts,
    "abc": _abc,
    "provision": _provision,
    "statement-of-account": _statement_of_account,
    "collection-progress": _collection_progress,
    "overdue": _overdue,
    "expected-payments": _expected_payments,
    "exposure": _exposure,
    "grades": _grades,
    "letters": _letters,
    "bank-statements": _bank_statements,
    "overrides": _overrides,
    "coverage": _coverage,
    "levels": _levels,
    "customer-fields": _customer_fields,
    "settings": _settings,
    "hold-errors": _hold_errors,
}
