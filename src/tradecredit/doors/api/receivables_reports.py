"""Aging, open items and ratios out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from django.utils import translation
from ninja import Query, Router, Schema

from tradecredit.analytics import reports
from tradecredit.analytics.receivables import aging, open_items, policies, ratios, tables
from tradecredit.doors.api import acting
from tradecredit.plumbing import clock
from tradecredit.plumbing import tables as plain_tables
from tradecredit.plumbing.access import people

router = Router(tags=["receivables"])
Measure = Literal[
    "aging",
    "dso",
    "days-to-pay",
    "collection-rate",
    "bad-debts",
    "provision",
    "abc",
    "statement-of-account",
    "collection-progress",
    "expected-payments",
]


class ReportQuery(Schema, extra="forbid"):
    """What a report is asked for."""

    as_of: date | None = None
    known_at: datetime | None = None
    by: str = ""
    company: str | None = None


class AgingQuery(ReportQuery, extra="forbid"):
    """An aging, with the key of a scheme of the policy."""

    scheme: str = policies.DEFAULT_SCHEME


@router.get("/receivables/aging", summary="Aging as of a day, as known at a moment")
def get_aging(request: HttpRequest, query: Query[AgingQuery]) -> dict[str, Any]:
    """Return the aging by group and currency; the buckets of each row sum to its open amount."""
    with acting.reading(request):
        arguments = _arguments(request, query, default="customer")
        report = aging.aging(scheme=query.scheme, **arguments)
    language = translation.get_language() or "en"
    scheme = report.scheme
    return {
        "as_of": report.as_of.isoformat(),
        "known_at": report.known_at.isoformat() if report.known_at else None,
        "by": list(report.by),
        "scheme": {
            "key": scheme.key,
            "measure": scheme.measure,
            "label": scheme.label.in_language(language),
            "buckets": [
                {"key": bucket.key, "label": bucket.label.in_language(language)} for bucket in scheme.buckets
            ],
        },
        "rows": [
            {**dict(zip(report.by, group.keys, strict=False)), **_aged(group)} for group in report.groups
        ],
        "totals": [_aged(group) for group in report.totals],
    }


@router.get("/receivables/open-items", summary="Open instalments, oldest due day first")
def get_open_items(
    request: HttpRequest, query: Query[ReportQuery], *, only_overdue: bool = False
) -> dict[str, Any]:
    """Return the open instalments in scope."""
    with acting.reading(request):
        arguments = _arguments(request, query, default="")
        arguments.pop("by")
        table = tables.overdue_table(open_items.open_items(only_overdue=only_overdue, **arguments))
    return {"as_of": arguments["as_of"].isoformat(), "rows": plain_tables.as_records(table)}


@router.get("/receivables/ratios", summary="DSO, CEI, on-time and collection rates")
def get_ratios(request: HttpRequest, query: Query[ReportQuery]) -> dict[str, Any]:
    """Return the collection ratios by group and currency; a ratio without a base is null."""
    with acting.reading(request):
        report = ratios.ratios(**_arguments(request, query, default="company"))
    makers = (tables.dso_table, tables.collection_rate_table, tables.paying_table, tables.bad_debt_table)
    records = [plain_tables.as_records(make(report)) for make in makers]
    return {
        "as_of": report.as_of.isoformat(),
        "from": report.begin.isoformat(),
        "days": report.days,
        "rows": [
            {key: value for part in parts for key, value in part.items()}
            for parts in zip(*records, strict=True)
        ],
    }


@router.get("/receivables/reports/{name}", summary="A report of receivables by its name: abc, provision, …")
def get_report(request: HttpRequest, name: Measure, query: Query[ReportQuery]) -> dict[str, Any]:
    """Return the rows of a report as the command line and the pages show them, with its title and columns."""
    with acting.reading(request):
        arguments = _arguments(request, query, default="")
        table = reports.make(name=name, request=reports.ReportRequest(**arguments))
    language = translation.get_language() or "en"
    return {
        "report": name,
        "title": table.title.in_language(language),
        "as_of": arguments["as_of"].isoformat(),
        "columns": [{"key": one.key, "label": one.label.in_language(language)} for one in table.columns],
        "rows": plain_tables.as_records(table),
    }


def _arguments(request: HttpRequest, query: ReportQuery, *, default: str) -> dict[str, Any]:
    """Return what the report takes; without a company all companies of the caller are reported together."""
    company = acting.company_of(request, query.company) if query.company else None
    home = company or people.companies_of(acting.actor_of(request))[0]
    return {
        "as_of": query.as_of or clock.today(home),
        "known_at": query.known_at,
        "by": tuple(part.strip() for part in (query.by or default).split(",") if part.strip()),
        "company_id": company.pk if company else None,
    }


def _aged(group: aging.AgedGroup) -> dict[str, Any]:
    aged = group.aged
    return {
        "currency": group.currency,
        "buckets": {
            bucket.key: amount.text()
            for bucket, amount in zip(aged.scheme.buckets, aged.amounts, strict=True)
        },
        "open": aged.open.text(),
        "unapplied_cash": aged.unapplied_cash.text(),
        "credit_notes": aged.credit_notes.text(),
        "net": aged.net.text(),
        "disputed": aged.disputed.text(),
        "bills": aged.bills.text(),
        "items": group.items,
    }
