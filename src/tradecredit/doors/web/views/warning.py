"""Early warning: the feed of alerts, one alert with its plan, the rule bench and the library of plans."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.monitoring import alert_acts, feed, queries
from tradecredit.apps.worklist import queries as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import why
from tradecredit.doors.web import acting, roles
from tradecredit.flows import permissions
from tradecredit.flows.watch import answer_alert, mute_rule, rule_bench, start_plan
from tradecredit.flows.watch import close_alert as closing
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.monitoring.queries import StoredAlert
    from tradecredit.core.monitoring.plans import Plan
    from tradecredit.core.monitoring.triggers import MonitoringPolicy

_STATES = (
    ("open", Words(zh="未关闭", en="Open")),
    ("late", Words(zh="超时未响应", en="Late")),
    ("unconfirmed", Words(zh="待确认", en="To confirm")),
    ("closed", Words(zh="已关闭", en="Closed")),
    ("all", Words(zh="全部", en="All")),
)
_PHASES = {
    "before_trade": Words(zh="交易前", en="Before the trade"),
    "in_trade": Words(zh="交易中", en="In the trade"),
    "after_trade": Words(zh="交易后", en="After the trade"),
}
_SHOWN = 60


@require_GET
@acting.page
def alerts(request: HttpRequest) -> HttpResponse:
    """Show the feed: gravest first, why each was raised, until when it wants an answer."""
    company, now = acting.company_of(request), clock.now()
    state = request.GET.get("state", "open")
    level, rule = request.GET.get("level", ""), request.GET.get("rule", "")
    found = feed.feed(company_id=company.pk, now=now, state=state, level=level, rule=rule, limit=_SHOWN)
    policy = rule_bench.policy(company=company, actor=acting.actor_of(request))
    context = {
        "cards": [_card(one, policy, now) for one in found],
        "counts": feed.counts(company_id=company.pk, now=now),
        "states": _STATES,
        "state": state,
        "level": level,
        "rule": rule,
        "rule_label": rule_bench.label(rule, company=company, actor=acting.actor_of(request)),
        "hours": policy.respond_within_hours,
        "shown": _SHOWN,
        "may_respond": _may(request),
    }
    return render(request, "web/alerts.html", context)


@require_GET
@acting.page
def alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Show one alert: why, what its plan asks, what was done about it, and what is frozen for it."""
    company, now = acting.company_of(request), clock.now()
    found = queries.alert(alert_id)
    if found is None or found.company_id != company.pk:
        raise Http404
    policy = rule_bench.policy(company=company, actor=acting.actor_of(request))
    frozen = queries.active_freezes(
        company_id=company.pk, customer_ids=[found.customer_id], as_of=clock.today(company)
    )
    tasks = worklist.of_key(company_id=company.pk, key=start_plan.key_of(found.id))
    context = {
        "card": _card(found, policy, now),
        "alert": found,
        "tasks": [{"task": one, "role": roles.name_of(one.role)} for one in tasks],
        "done": sum(one.done_at is not None for one in tasks),
        "acts": alert_acts.of_alerts([found.id]).get(found.id, ()),
        "freezes": frozen.get(found.customer_id, ()),
        "earlier": [
            one
            for one in queries.alerts(company_id=company.pk, customer_id=found.customer_id, limit=20)
            if one.id != found.id
        ],
        "may_respond": _may(request),
    }
    return render(request, "web/alert.html", context)


@require_POST
@acting.page
def answer(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Take the alert up, confirm it, or write a note about it."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = acting.next_of(request, default=reverse("web:alert", args=[alert_id]))
    what = request.POST.get("what", "")

    def effect() -> str:
        if what == "confirm":
            answer_alert.confirm(company=company, alert_id=alert_id, actor=actor)
        elif what == "note":
            text = request.POST.get("text", "")
            answer_alert.note(company=company, alert_id=alert_id, text=text, actor=actor)
        else:
            answer_alert.see(company=company, alert_id=alert_id, actor=actor)
        return back

    done = Words(zh="已记录。", en="Recorded.")
    return acting.act(request, action="respond", effect=effect, back=back, done=done)


@require_POST
@acting.page
def close_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Close an alert with the response given."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = acting.next_of(request, default=reverse("web:alerts"))

    def effect() -> str:
        closing.close_alert(
            company=company,
            alert_id=alert_id,
            response=request.POST.get("response", ""),
            actor=actor,
            is_false_alarm=request.POST.get("false_alarm") == "yes",
        )
        return back

    done = Words(zh="预警已关闭。", en="The alert is closed.")
    return acting.act(request, action="respond", effect=effect, back=back, done=done)


@require_GET
@acting.page
def rules(request: HttpRequest) -> HttpResponse:
    """Show the rule bench: each rule with its record, what history suggests, who was warned of before trouble."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    found = rule_bench.bench(company=company, actor=actor)
    customers = dossier.customers_by_code([one.customer_code for one in found.first_warnings])
    context = {
        "found": found,
        "rows": found.rules,
        "warnings": [
            {"one": one, "customer": customers.get(one.customer_code)} for one in found.first_warnings
        ],
        "phases": _PHASES,
        "may_mute": _may(request),
        "today": clock.today(company),
    }
    return render(request, "web/alert_rules.html", context)


@require_POST
@acting.page
def mute(request: HttpRequest, code: str) -> HttpResponse:
    """Silence a rule until a day, or let it speak again."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:alert_rules")
    until = request.POST.get("until", "")

    def effect() -> str:
        if request.POST.get("what") == "unmute":
            mute_rule.unmute_rule(company=company, rule=code, actor=actor)
        else:
            mute_rule.mute_rule(
                company=company,
                rule=code,
                reason=request.POST.get("reason", ""),
                until=date.fromisoformat(until) if until else clock.today(company),
                actor=actor,
            )
        return back

    done = Words(zh="已记录。", en="Recorded.")
    return acting.act(request, action="respond", effect=effect, back=back, done=done)


@require_GET
@acting.page
def plans(request: HttpRequest) -> HttpResponse:
    """Show the library of response plans and the playbooks of the grades."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    policy = rule_bench.policy(company=company, actor=actor)
    context = {
        "plans": [_plan(plan, policy) for plan in policy.plans],
        "habits": [
            {"habit": one, "role": roles.name_of(one.role), "title": one.title.filled(customer="…")}
            for one in policy.habits
        ],
        "overlays": policy.overlays,
    }
    return render(request, "web/alert_plans.html", context)


def _plan(plan: Plan, policy: MonitoringPolicy) -> dict[str, Any]:
    return {
        "plan": plan,
        "steps": [
            {
                "step": step,
                "label": step.label.filled(customer="…"),
                "role": roles.name_of(step.role) if step.role else None,
            }
            for step in plan.steps
        ],
        "rules": [rule for rule in policy.rules if policy.plan_of(rule) == plan],
    }


def _card(one: StoredAlert, policy: MonitoringPolicy, now: datetime) -> dict[str, Any]:
    rule, plan = policy.rule(one.rule), policy.plan(one.plan)
    return {
        "alert": one,
        "why": [{"label": label, "value": value} for _, label, value in why.told(one.facts)],
        "phase": _PHASES.get(one.phase),
        "plan": None if plan is None else plan.label,
        "responses": rule.responses if rule is not None else (),
        "in_time": one.was_answered_in_time(now),
        "is_ours": rule is not None,
    }


def _may(request: HttpRequest) -> bool:
    return permissions.may(acting.actor_of(request), acting.company_of(request).pk, "respond")
