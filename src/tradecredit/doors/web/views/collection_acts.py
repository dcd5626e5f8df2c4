"""What people do about a case: log an outcome, agree on a plan, hand it over, start and finish plans."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from tradecredit.analytics.dashboards import finder
from tradecredit.apps.dossier import queries as dossier
from tradecredit.core.collections import instalment_plans
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting
from tradecredit.flows.collections import (
    agree_plan,
    find_case,
    hand_over,
    keep_letters,
    log_contact,
    open_case,
    record_promise,
    start_plan,
)
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

_HAND_OVER_STEPS = frozenset({"hand_over", "close"})
_DONE = Words(zh="已登记。", en="Recorded.")


@require_POST
@acting.page
def begin(request: HttpRequest) -> HttpResponse:
    """Open a case of a customer by hand."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    customer = dossier.customer_by_code(request.POST.get("customer", ""))
    if customer is None:
        raise Http404

    def effect() -> str:
        case_id = open_case.open_case(
            company=company,
            customer_id=customer.id,
            as_of=clock.today(company),
            actor=actor,
            cause="person",
            words=Words(zh="人工立案", en="Opened by hand"),
        )
        return reverse("web:collection_case", args=[case_id])

    return acting.act(request, action="collect", effect=effect, back=reverse("web:collections"))


@require_POST
@acting.page
def act(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Do one of the things a case allows; the form says which."""
    back = reverse("web:collection_case", args=[case_id])
    step = request.POST.get("step", "")
    action = "hand_over" if step in _HAND_OVER_STEPS else "collect"

    def effect() -> str:
        _ACTS.get(step, _log)(request, case_id)
        return back

    return acting.act(request, action=action, effect=effect, back=back, done=_DONE)


def _log(request: HttpRequest, case_id: UUID) -> None:
    company = acting.company_of(request)
    amount = finder.amount_of(request.POST.get("amount", "")) if request.POST.get("amount") else None
    contact = log_contact.Contact(
        way=request.POST.get("way", "call"),
        outcome=request.POST.get("outcome", ""),
        text=request.POST.get("text", "")[:1000],
        amount=Money.of(amount, request.POST.get("currency") or company.base_currency) if amount else None,
        promised_date=_day(request.POST.get("promised_date", "")),
        next_on=_day(request.POST.get("next_on", "")),
    )
    log_contact.log_contact(company=company, case_id=case_id, contact=contact, actor=acting.actor_of(request))


def _agree(request: HttpRequest, case_id: UUID) -> None:
    company, actor = acting.company_of(request), acting.actor_of(request)
    found = find_case.find_case(company=company, case_id=case_id)
    currency = request.POST.get("currency") or company.base_currency
    parts = []
    for day, amount in zip(
        request.POST.getlist("part_day"), request.POST.getlist("part_amount"), strict=False
    ):
        due, figure = _day(day), finder.amount_of(amount) if amount else None
        if due is not None and figure:
            parts.append(instalment_plans.Part(due_date=due, amount=Money.of(figure, currency)))
    if not parts:
        raise instalment_plans.UnableToAgreePlanError(
            Words(zh="请至少填写一期的日期和金额。", en="Fill in a day and an amount of at least one part.")
        )
    late = request.POST.get("accelerates", "")
    agree_plan.agree_plan(
        company=company,
        customer_id=found.customer_id,
        plan=instalment_plans.Plan(
            parts=tuple(parts), accelerates_after_days=int(late) if late.isdecimal() else 0
        ),
        acknowledges_debt=request.POST.get("acknowledges") == "yes",
        text=request.POST.get("text", "")[:1000],
        actor=actor,
    )


def _end_plan(request: HttpRequest, case_id: UUID) -> None:
    del case_id
    agree_plan.end_plan(
        company=acting.company_of(request),
        plan_id=_uuid(request.POST.get("plan", "")),
        because=request.POST.get("text", "") or "-",
        actor=acting.actor_of(request),
    )


def _hand_over(request: HttpRequest, case_id: UUID) -> None:
    facts = {name: request.POST[name][:200] for name in ("fee", "court", "mandate") if request.POST.get(name)}
    hand_over.hand_over(
        company=acting.company_of(request),
        case_id=case_id,
        channel=request.POST.get("channel", ""),
        receiver=request.POST.get("receiver", "")[:100],
        text=request.POST.get("text", "")[:1000],
        facts=facts,
        actor=acting.actor_of(request),
    )


def _take(request: HttpRequest, case_id: UUID) -> None:
    actor = acting.actor_of(request)
    hand_over.assign(
        company=acting.company_of(request),
        case_id=case_id,
        owner_id=actor.user_id,
        owner_name=actor.name,
        actor=actor,
    )


def _note(request: HttpRequest, case_id: UUID) -> None:
    text = request.POST.get("text", "").strip()[:1000]
    if text:
        hand_over.note(
            company=acting.company_of(request), case_id=case_id, text=text, actor=acting.actor_of(request)
        )


def _close(request: HttpRequest, case_id: UUID) -> None:
    hand_over.close(
        company=acting.company_of(request),
        case_id=case_id,
        because=request.POST.get("text", "").strip()[:200] or "-",
        actor=acting.actor_of(request),
    )


def _start(request: HttpRequest, case_id: UUID) -> None:
    company = acting.company_of(request)
    found = find_case.find_case(company=company, case_id=case_id)
    start_plan.start_plan(
        company=company,
        customer_id=found.customer_id,
        code=request.POST.get("code", ""),
        as_of=clock.today(company),
        actor=acting.actor_of(request),
        cause=found.number,
    )


def _opt_out(request: HttpRequest, case_id: UUID) -> None:
    company = acting.company_of(request)
    found = find_case.find_case(company=company, case_id=case_id)
    keep_letters.opt_out(
        company=company,
        customer_id=found.customer_id,
        reason=request.POST.get("text", "")[:200],
        actor=acting.actor_of(request),
    )


def _write_again(request: HttpRequest, case_id: UUID) -> None:
    del case_id
    keep_letters.end_opt_out(
        company=acting.company_of(request),
        opt_out_id=_uuid(request.POST.get("opt_out", "")),
        actor=acting.actor_of(request),
    )


def _withdraw(request: HttpRequest, case_id: UUID) -> None:
    del case_id
    record_promise.withdraw_promise(
        company=acting.company_of(request),
        promise_id=_uuid(request.POST.get("promise", "")),
        reason=request.POST.get("text", "")[:200],
        actor=acting.actor_of(request),
    )


_ACTS = {
    "agree": _agree,
    "end_plan": _end_plan,
    "hand_over": _hand_over,
    "take": _take,
    "note": _note,
    "close": _close,
    "start": _start,
    "opt_out": _opt_out,
    "write_again": _write_again,
    "withdraw": _withdraw,
}


@require_POST
@acting.page
def finish_step(request: HttpRequest, plan_id: UUID, step_id: UUID) -> HttpResponse:
    """Record what came of a step of a plan."""
    back = reverse("web:action_plan", args=[plan_id])

    def effect() -> str:
        start_plan.finish_step(
            company=acting.company_of(request),
            plan_id=plan_id,
            step_id=step_id,
            result=request.POST.get("result", "")[:1000],
            is_skipped=request.POST.get("step") == "skip",
            actor=acting.actor_of(request),
        )
        return back

    return acting.act(request, action="collect", effect=effect, back=back, done=_DONE)


@require_POST
@acting.page
def act_on_letter(request: HttpRequest, letter_id: UUID) -> HttpResponse:
    """Let a drafted letter go, keep it, or record proof of one."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    back = reverse("web:letter", args=[letter_id])

    def effect() -> str:
        match request.POST.get("step"):
            case "release":
                keep_letters.release(company=company, letter_id=letter_id, actor=actor)
            case "withhold":
                because = request.POST.get("because", "")
                keep_letters.withhold(company=company, letter_id=letter_id, because=because, actor=actor)
            case _:
                keep_letters.prove(
                    company=company,
                    letter_id=letter_id,
                    kind=request.POST.get("kind", ""),
                    way=request.POST.get("way", ""),
                    reference=request.POST.get("reference", ""),
                    actor=actor,
                )
        return back

    done = Words(zh="已登记。", en="Recorded.")
    return acting.act(request, action="collect", effect=effect, back=back, done=done)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error
