"""The collection desk, a case with everything done in it, plans, who gets what tomorrow, and what collecting achieves."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from tradecredit.analytics.collections import evidence, limitations, measures, promise_book, worklist
from tradecredit.apps.collections import agreements, case_queries, queries
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.collections import outcomes
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows import permissions
from tradecredit.flows.collections import agency_files, find_case, follow_cases, strategies
from tradecredit.flows.watch import preview_dunning
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from django.http import HttpRequest

    from tradecredit.analytics.collections.worklist import WorkRow
    from tradecredit.core.collections.strategy import Strategy

_SHOWN: Final = 200
_LETTERS: Final = 50
_BACK_DAYS: Final = 90
_VIEWS: Final = (
    ("", Words(zh="全部", en="All")),
    ("today", Words(zh="今天跟进", en="To follow up today")),
    ("broken", Words(zh="承诺落空", en="Broken promises")),
    ("promised", Words(zh="今天承诺付款", en="Promised for today")),
    ("disputed", Words(zh="有争议", en="With a dispute")),
    ("mine", Words(zh="我负责的", en="Mine")),
    ("agency", Words(zh="委外", en="With an agency")),
    ("legal", Words(zh="法律程序", en="Legal")),
)
_BYS: Final[tuple[tuple[measures.By, Words], ...]] = (
    ("stage", Words(zh="按阶段", en="By stage")),
    ("channel", Words(zh="按渠道", en="By channel")),
    ("collector", Words(zh="按催收员", en="By collector")),
    ("way", Words(zh="按方式", en="By way")),
    ("outcome", Words(zh="按结果", en="By outcome")),
)


@require_GET
@acting.page
def desk(request: HttpRequest) -> HttpResponse:
    """Show whom to ask today, the most worthwhile first, each with the reason."""
    place, company = acting.place_of(request), acting.company_of(request)
    strategy = _strategy(request)
    view = request.GET.get("view", "")
    with db.unit_of_work(acting.actor_of(request)):
        found = worklist.of_company(
            company_id=place.company_id, as_of=place.as_of, strategy=strategy, currency=company.base_currency
        )
    rows = [row for row in found.rows if _is_in(view, row, request)]
    context = {
        "rows": rows[:_SHOWN],
        "count": len(rows),
        "found": found,
        "customers": len(found.rows),
        "views": _VIEWS,
        "view": view,
        "as_of": place.as_of,
        "mode": strategy.mode,
        "channels": follow_cases.CHANNELS,
        "may": permissions.may(acting.actor_of(request), place.company_id, "collect"),
        "may_hand_over": permissions.may(acting.actor_of(request), place.company_id, "hand_over"),
        "agency_columns": ", ".join(agency_files.COLUMNS),
    }
    return render(request, "web/collections.html", context)


def _is_in(view: str, row: WorkRow, request: HttpRequest) -> bool:
    candidate, today = row.ranked.candidate, acting.place_of(request).as_of
    tests: dict[str, Callable[[], bool]] = {
        "today": lambda: candidate.next_on is not None and candidate.next_on <= today,
        "broken": lambda: candidate.broken_promises > 0,
        "promised": lambda: candidate.promise_due_on == today,
        "disputed": lambda: bool(row.figures["disputed"] > 0),
        "mine": lambda: bool(row.figures["owner_id"] == acting.actor_of(request).user_id),
        "agency": lambda: bool(row.figures["channel"] == "agency"),
        "legal": lambda: bool(row.figures["channel"] == "legal"),
    }
    return tests[view]() if view in tests else True


@require_GET
@acting.page
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Show a case: what is open and until when it can be sued for, what was said and done, and what can be done."""
    place, company = acting.place_of(request), acting.company_of(request)
    actor, strategy = acting.actor_of(request), _strategy(request)
    found = find_case.find_case(company=company, case_id=case_id, must_be_open=False)
    items = limitations.of_customer(
        company_id=company.pk, customer_id=found.customer_id, as_of=place.as_of, policy=strategy.cases
    )
    if dossier.customer_by_code(found.customer_code) is None:
        raise Http404
    whose = {"company_id": company.pk, "customer_id": found.customer_id}
    days = max((item.days_overdue for item in items), default=0)
    context = {
        "case": found,
        "items": items,
        "totals": _totals(items),
        "days": days,
        "step": strategy.step_of(days),
        "channel": follow_cases.CHANNELS[found.channel],
        "channels": follow_cases.CHANNELS.items(),
        "outcomes": outcomes.OUTCOMES,
        "ways": outcomes.WAYS.items(),
        "events": case_queries.events(case_id=found.id),
        "promises": promise_book.judged(
            company_id=company.pk,
            customer_id=found.customer_id,
            as_of=place.as_of,
            since=found.opened_on - timedelta(days=_BACK_DAYS),
            grace_days=strategy.promise_grace_days,
        ),
        "agreed": promise_book.plans_of(**whose, as_of=place.as_of),
        "plans": case_queries.plans(company_id=company.pk, customer_id=found.customer_id),
        "library": strategy.cases.plans,
        "letters": queries.letters(company_id=company.pk, customer_id=found.customer_id, limit=_LETTERS),
        "opt_outs": agreements.opt_outs(**whose),
        "limitation_years": strategy.cases.limitation_years,
        "may": found.is_open and permissions.may(actor, company.pk, "collect"),
        "may_hand_over": found.is_open and permissions.may(actor, company.pk, "hand_over"),
    }
    return render(request, "web/collection_case.html", context)


def _totals(items: tuple[limitations.LateItem, ...]) -> list[dict[str, Any]]:
    totals: dict[str, dict[str, Any]] = {}
    for item in items:
        row = totals.setdefault(
            item.open.currency, {"open": Decimal(0), "disputed": Decimal(0), "currency": item.open.currency}
        )
        row["open"] += item.open.amount
        row["disputed"] += item.disputed.amount
    return list(totals.values())


@require_GET
@acting.page
def evidence_pack(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Answer the evidence pack of a case as a zip."""
    acting.require(request, "hand_over")
    company = acting.company_of(request)
    found = find_case.find_case(company=company, case_id=case_id, must_be_open=False)
    with db.unit_of_work(acting.actor_of(request)):
        content = evidence.pack(
            company=company, case=found, policy=_strategy(request).cases, as_of=clock.today(company)
        )
    response = HttpResponse(content, content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="{found.number}-evidence.zip"'
    return response


@require_GET
@acting.page
def preview(request: HttpRequest) -> HttpResponse:
    """Show who gets what tomorrow, word for word, who is left alone and why, and the last ninety days."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    today = clock.today(company)
    day = today + timedelta(days=1)
    found = preview_dunning.preview_dunning(company=company, as_of=day, actor=actor, most=_SHOWN)
    strategy = _strategy(request)
    context = {
        "found": found,
        "reasons": sorted({one.skip.reason.code: one.skip.reason.words for one in found.left_alone}.items()),
        "counts": dict(found.reasons),
        "steps": {step.code: step.label for step in strategy.every_step},
        "back": preview_dunning.look_back(
            company=company, strategy=strategy, as_of=today, days=_BACK_DAYS, actor=actor
        ),
        "days": _BACK_DAYS,
        "currency": company.base_currency,
    }
    return render(request, "web/collection_preview.html", context)


@require_GET
@acting.page
def measured(request: HttpRequest) -> HttpResponse:
    """Show promises kept and the cash that followed contacts and letters, over a quarter."""
    company, place = acting.company_of(request), acting.place_of(request)
    by: measures.By = next((key for key, _ in _BYS if key == request.GET.get("by")), "stage")
    strategy = _strategy(request)
    span = measures.Span(
        company_id=company.pk,
        since=place.as_of - timedelta(days=_BACK_DAYS),
        as_of=place.as_of,
        currency=company.base_currency,
        policy=strategy.cases,
    )
    context = {
        "by": by,
        "bys": _BYS,
        "days": _BACK_DAYS,
        "within": strategy.cases.cash_after_contact_days,
        "currency": company.base_currency,
        "contacts": measures.contacts(span, by=by),
        "letters": measures.letters(span),
        "kept": measures.promises_kept(span, grace_days=strategy.promise_grace_days),
        "names": _names(strategy),
    }
    return render(request, "web/collection_measures.html", context)


def _names(strategy: Strategy) -> dict[str, Words]:
    """Return the words of steps, channels, ways and outcomes by their codes."""
    return (
        {step.code: step.label for step in strategy.every_step}
        | dict(follow_cases.CHANNELS)
        | dict(outcomes.WAYS)
        | {outcome.code: outcome.words for outcome in outcomes.OUTCOMES}
    )


@require_GET
@acting.page
def plan_library(request: HttpRequest) -> HttpResponse:
    """Show the library of plans and the plans that run."""
    company = acting.company_of(request)
    context = {
        "library": _strategy(request).cases.plans,
        "running": case_queries.plans(company_id=company.pk, is_running=True),
        "as_of": acting.place_of(request).as_of,
    }
    return render(request, "web/plan_library.html", context)


@require_GET
@acting.page
def plan(request: HttpRequest, plan_id: UUID) -> HttpResponse:
    """Show a plan that was started, its steps, and what came of them."""
    company = acting.company_of(request)
    found = case_queries.plan_of(company_id=company.pk, plan_id=plan_id)
    if found is None:
        raise Http404
    cases = case_queries.cases(company_id=company.pk, customer_id=found[1], limit=1)
    context = {
        "plan": found[0],
        "case": cases[0] if cases else None,
        "as_of": acting.place_of(request).as_of,
        "may": permissions.may(acting.actor_of(request), company.pk, "collect"),
    }
    return render(request, "web/action_plan.html", context)


def _strategy(request: HttpRequest) -> Strategy:
    place = acting.place_of(request)
    return strategies.in_force(company_id=place.company_id, as_of=place.as_of)
