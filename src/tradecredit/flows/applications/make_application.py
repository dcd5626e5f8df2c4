"""Ask with a form for what people decide and other people carry out; approved, it becomes a task of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import filled_forms, operations, queries
from tradecredit.apps.approvals.models import RequestStatus
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import queries as scoring
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.approvals import forms, kinds, routing
from tradecredit.core.approvals.four_eyes import Standing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.processes import course, request_forms, run_flow
from tradecredit.plumbing import clock, db, ids
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.dossier.queries import CustomerRecord
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.plumbing.access import Actor


class UnableToApplyError(UnableToError):
    """There is no such kind or customer, no reason is given, or the same is asked already."""

    code = "application_refused"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What is asked: for which customer, for how much where it is about an amount, why, and the answers to the form."""

    kind: str
    customer_code: str
    amount: Money | None
    reason: str
    answers: Mapping[str, str]


def make_application(*, company: Company, application: Application, actor: Actor) -> RequestRecord:
    """Ask the people whom the kind's flow or the authority table names.

    Raises UnableToApplyError, and UnableToFillFormError with what is wrong in which field.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer = _customer(company, application)
        grade = _grade(company, customer.id, day=day)
        authority = course.authority_today(company)
        amount = application.amount or Money.zero(company.base_currency)
        (request_id,) = operations.ask(
            [
                operations.NewRequest(
                    company_id=company.pk,
                    customer_id=customer.id,
                    subject_id=ids.new_id(),
                    reference="",
                    route=routing.route(
                        kind=application.kind, grade=grade, amount=amount, authority=authority
                    ),
                    reason=application.reason.strip(),
                )
            ],
            actor=actor,
        )
        request = _now(request_id)
        form = request_forms.in_force(company, kind=application.kind, day=day)
        if form is not None:
            request_forms.keep(request, form=form, given=application.answers, actor=actor)
        _log(request, actor=actor, kind="application.made", words=_ASKED)
        if run_flow.begin(request, actor=actor) is Standing.REJECTED:
            operations.end([request_id], status=RequestStatus.REJECTED)
            reject_approved(request=request, reason="", actor=course.FLOW)
        return _now(request_id)


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """Give what was approved to those whom the form names, as a task, and tell the customer's timeline."""
    del terms, as_of
    company = Company.objects.get(pk=request.company_id)
    filled = filled_forms.latest([request.id]).get(request.id)
    then = forms.follow_up(None if filled is None else filled.form)
    if then is not None:
        subject = request.customer_name or request.reference
        worklist.make(
            company_id=company.pk,
            tasks=[
                worklist.NewTask(
                    kind="application",
                    words=Words(zh=f"{then.words.zh}：{subject}", en=f"{then.words.en}: {subject}"),
                    dedupe_key=f"application:{request.id}",
                    customer_id=request.customer_id,
                    role=then.role,
                )
            ],
        )
    _log(request, actor=actor, kind="application.approved", words=_APPROVED)
    return None


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Tell the customer's timeline that it was rejected, and why."""
    _log(request, actor=actor, kind="application.rejected", words=_REJECTED, reason=reason)


def _customer(company: Company, application: Application) -> CustomerRecord:
    if application.kind not in routing.APPLICATIONS:
        raise _refused("没有这类申请。", "There is no such kind of application.")
    if not application.reason.strip():
        raise _refused("请写明理由。", "Say why you ask.")
    customer = dossier.customer_by_code(application.customer_code.strip())
    if customer is None or company.pk not in customer.company_ids:
        raise _refused(
            f"没有客户 {application.customer_code}。", f"There is no customer {application.customer_code}."
        )
    asked = queries.open_of_customer(customer_id=customer.id, kind=application.kind)
    if any(one.company_id == company.pk for one in asked):
        raise _refused(
            "这位客户已有一项同类申请在审批中。",
            "The same is asked for this customer already, and not decided.",
        )
    return customer


def _grade(company: Company, customer_id: UUID, *, day: date) -> str | None:
    rating = scoring.latest(company_id=company.pk, customer_ids=[customer_id], as_of=day).get(customer_id)
    return None if rating is None else rating.grade or None


def _now(request_id: UUID) -> RequestRecord:
    found = queries.by_id(request_id)
    assert found is not None  # noqa: S101 - it was asked a moment ago in this transaction
    return found


def _log(request: RequestRecord, *, actor: Actor, kind: str, words: Words, reason: str = "") -> None:
    name = kinds.KINDS[request.kind]
    said = Words(
        zh=words.zh.format(name=actor.name, kind=name.zh, reason=reason or request.reason),
        en=words.en.format(name=actor.name, kind=name.en, reason=reason or request.reason),
    )
    entry = log.NewEntry(
        stream=f"customer:{request.customer_id}", kind=kind, words=said, payload={"request_id": request.id}
    )
    log.append(company_id=request.company_id, actor=actor, entries=[entry])


def _refused(zh: str, en: str) -> UnableToApplyError:
    return UnableToApplyError(Words(zh=zh, en=en))


_ASKED = Words(zh="{name} 申请{kind}：{reason}", en="{name} asked: {kind}: {reason}")
_APPROVED = Words(zh="{name} 批准{kind}：{reason}", en="{name} approved: {kind}: {reason}")
_REJECTED = Words(zh="{name} 驳回{kind}：{reason}", en="{name} rejected: {kind}: {reason}")
