"""Early warning beyond the list of alerts: one alert with its plan, answers, the rule bench, plans, silenced rules."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Router
from pydantic import StringConstraints

from tradecredit.apps.monitoring import alert_acts, queries
from tradecredit.apps.worklist import queries as worklist
from tradecredit.core.monitoring import rule_measures, why
from tradecredit.doors.api import acting, watch_json
from tradecredit.doors.api.batches import CompanyRowIn
from tradecredit.flows.watch import answer_alert, mute_rule, rule_bench, start_plan
from tradecredit.plumbing.access import Role

if TYPE_CHECKING:
    from decimal import Decimal

    from tradecredit.core.monitoring.plans import PlanStep
    from tradecredit.flows.watch.rule_bench import RuleOnBench

router = Router(tags=["early warning"])
_RISK = (
    *(Role.CREDIT_SPECIALIST, Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO, Role.LEGAL),
    *(Role.FINANCE_MANAGER, Role.COLLECTOR, Role.ADMIN),
)


class AnswerIn(CompanyRowIn, extra="forbid"):
    """An answer that needs no words."""


class NoteIn(CompanyRowIn, extra="forbid"):
    """What was learned or done."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=2000)]


class MuteIn(CompanyRowIn, extra="forbid"):
    """Until which day (excluded) a rule is silent, and why."""

    until: date
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


@router.get("/alerts/rules", summary="Every alert rule with how it did on the company's history")
def get_rules(request: HttpRequest, company: str | None = None, as_of: date | None = None) -> HttpResponse:
    """Answer the rule bench: precision, recall and lead of each rule, and the thresholds that history suggests."""
    house = acting.company_of(request, company)
    with acting.reading(request):
        found = rule_bench.bench(company=house, actor=acting.actor_of(request), as_of=as_of)
    best = found.history.suggested
    return _json(
        {
            "as_of": found.history.as_of.isoformat(),
            "trouble_days": found.history.rules.trouble_days,
            "horizon_days": found.history.rules.horizon_days,
            "items": [_rule(one) for one in found.rules],
            "thresholds": [rule_measures.as_dict(one) for one in found.history.thresholds],
            "suggested": None if best is None else rule_measures.as_dict(best),
            "respond_within_hours": found.policy.respond_within_hours,
            "answered_in_time": _plain(found.answered_in_time),
            "responses": [
                {
                    "level": one.level,
                    "in_time": one.in_time,
                    "late": one.late,
                    "share": _plain(one.share),
                    "median_hours": _plain(one.median_hours),
                }
                for one in found.responses
            ],
            "first_warnings": [
                {
                    "customer": one.customer_code,
                    "trouble_on": one.trouble_on.isoformat(),
                    "alert": None if one.alert is None else str(one.alert["id"]),
                    "rule": None if one.alert is None else one.alert["rule"],
                    "text": None if one.alert is None else {"zh": one.alert["zh"], "en": one.alert["en"]},
                    "lead_days": one.lead_days,
                }
                for one in found.first_warnings
            ],
        }
    )


@router.get("/alerts/plans", summary="The library of response plans and the playbooks of the grades")
def get_plans(request: HttpRequest, company: str | None = None) -> HttpResponse:
    """Answer the plans of the policy in force."""
    house = acting.company_of(request, company)
    with acting.reading(request):
        policy = rule_bench.policy(company=house, actor=acting.actor_of(request))
    return _json(
        {
            "items": [
                {
                    "code": plan.code,
                    "label": plan.label.as_dict(),
                    "levels": list(plan.levels),
                    "freezes": list(plan.freezes),
                    "steps": [_step(step) for step in plan.steps],
                }
                for plan in policy.plans
            ],
            "playbooks": [
                {
                    "code": one.code,
                    "grades": list(one.grades),
                    "every_days": one.every_days,
                    "role": one.role,
                    "title": one.title.as_dict(),
                }
                for one in policy.habits
            ],
        }
    )


@router.get("/alerts/{uuid:alert_id}", summary="One alert: why, its plan, what was done about it")
def get_alert(request: HttpRequest, alert_id: UUID) -> HttpResponse:
    """Answer one alert."""
    with acting.reading(request):
        found = queries.alert(alert_id)
        if found is None:
            raise Http404
        tasks = worklist.of_key(company_id=found.company_id, key=start_plan.key_of(alert_id))
        acts = alert_acts.of_alerts([alert_id]).get(alert_id, ())
    return _json(
        watch_json.alert(found)
        | {
            "why": why.sentence(found.facts).as_dict(),
            "steps": [watch_json.task(task) for task in tasks],
            "acts": [
                {
                    "kind": act.kind,
                    "text": act.words.as_dict(),
                    "by": act.acted_by,
                    "is_by_person": act.is_by_person,
                    "at": act.recorded_at.isoformat(),
                }
                for act in acts
            ],
        }
    )


@router.post("/alerts/{uuid:alert_id}/see", summary="Take an alert up: its first response")
def post_see(request: HttpRequest, alert_id: UUID, body: AnswerIn) -> HttpResponse:
    """Record that the caller takes the alert up."""
    return _answered(
        request,
        body,
        lambda company, actor: answer_alert.see(company=company, alert_id=alert_id, actor=actor),
    )


@router.post("/alerts/{uuid:alert_id}/confirm", summary="Say that an alert is true; its plan starts")
def post_confirm(request: HttpRequest, alert_id: UUID, body: AnswerIn) -> HttpResponse:
    """Confirm an alert that waits for it."""
    return _answered(
        request,
        body,
        lambda company, actor: answer_alert.confirm(company=company, alert_id=alert_id, actor=actor),
    )


@router.post("/alerts/{uuid:alert_id}/notes", summary="Write down what was learned about an alert")
def post_note(request: HttpRequest, alert_id: UUID, body: NoteIn) -> HttpResponse:
    """Record a note; the alert stays open."""
    return _answered(
        request,
        body,
        lambda company, actor: answer_alert.note(
            company=company, alert_id=alert_id, text=body.text, actor=actor
        ),
    )


@router.post("/alerts/rules/{code}/mute", summary="Silence a rule for a time, with the reason")
def post_mute(request: HttpRequest, code: str, body: MuteIn) -> HttpResponse:
    """Silence the rule; its open alerts stay."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_RISK)
        found = mute_rule.mute_rule(
            company=company, rule=code, reason=body.reason, until=body.until, actor=acting.actor_of(request)
        )
        return {"rule": code, "until": found.ends_on.isoformat()}

    return acting.once(request, status=200, effect=effect)


@router.post("/alerts/rules/{code}/unmute", summary="Let a silenced rule speak again")
def post_unmute(request: HttpRequest, code: str, body: AnswerIn) -> HttpResponse:
    """Let the rule be asked again from today."""

    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_RISK)
        mute_rule.unmute_rule(company=company, rule=code, actor=acting.actor_of(request))
        return {"rule": code}

    return acting.once(request, status=200, effect=effect)


def _answered(request: HttpRequest, body: CompanyRowIn, act: Any) -> HttpResponse:
    def effect() -> dict[str, Any]:
        company = acting.company_of(request, body.company)
        acting.require_role(request, company, *_RISK)
        return watch_json.alert(act(company, acting.actor_of(request)))

    return acting.once(request, status=200, effect=effect)


def _rule(one: RuleOnBench) -> dict[str, Any]:
    return rule_measures.as_dict(one.record) | {
        "label": None if one.label is None else one.label.as_dict(),
        "level": None if one.rule is None else one.rule.level.text,
        "condition": None if one.rule is None else one.rule.text,
        "plan": None if one.plan is None else one.plan.code,
        "silent_until": None if one.mute is None else one.mute.ends_on.isoformat(),
    }


def _step(step: PlanStep) -> dict[str, Any]:
    return {
        "code": step.code,
        "do": step.do,
        "label": step.label.as_dict(),
        "role": step.role or None,
        "due_in_days": step.due_in_days if step.role else None,
        "checklist": [part.as_dict() for part in step.checklist],
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:f}"


def _json(value: dict[str, Any]) -> HttpResponse:
    return JsonResponse(value, json_dumps_params={"ensure_ascii": False})
