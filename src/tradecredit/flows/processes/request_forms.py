"""The form of a request: which it has, what is filled in, and what is still missing before anybody may approve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from tradecredit.apps.approvals import filled_forms, flow_operations, flow_queries, locks, queries
from tradecredit.apps.approvals.flow_operations import NewNote
from tradecredit.apps.decisions import policies
from tradecredit.core.approvals import forms, four_eyes
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing import db
from tradecredit.plumbing.access.models import Company

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.core.approvals.four_eyes import UnableToApproveError
    from tradecredit.core.dossier.own_fields import OwnField
    from tradecredit.plumbing.access import Actor


class UnableToFillRequestError(UnableToError):
    """The request has no form, has ended, or is another's to fill in."""

    code = "request_form_refused"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A request's form: as it was filled in, or as policy had it on the day of the request."""

    document: Mapping[str, Any]
    fields: tuple[OwnField, ...]
    answers: Mapping[str, str]

    @property
    def missing(self) -> tuple[Words, ...]:
        """Return the required fields that are not filled in."""
        return forms.missing(self.fields, self.answers)


def of_requests(requests: Sequence[RequestRecord], *, company: Company) -> dict[UUID, Form]:
    """Return the forms of those requests of a company that have one; a form filled in stays as it was published."""
    documents: dict[date, Mapping[str, Any]] = {}
    zone = ZoneInfo(company.time_zone)
    asked: dict[UUID, Mapping[str, Any]] = {}
    for one in requests:
        day = one.created_at.astimezone(zone).date()
        if day not in documents:
            documents[day] = _in_force(company, day)
        document = documents[day].get(one.kind)
        if document is not None:
            asked[one.id] = document
    if not asked:
        return {}
    filled = filled_forms.latest(asked)
    return {
        request_id: Form(
            document=filled[request_id].form if request_id in filled else document,
            fields=forms.fields_of(filled[request_id].form if request_id in filled else document),
            answers=filled[request_id].answers if request_id in filled else {},
        )
        for request_id, document in asked.items()
    }


def in_force(company: Company, *, kind: str, day: date) -> Mapping[str, Any] | None:
    """Return the form that policy has for a kind of request on a day."""
    found: Mapping[str, Any] | None = _in_force(company, day).get(kind)
    return found


def fill(*, request_id: UUID, given: Mapping[str, str], actor: Actor) -> None:
    """Fill in an open request's form, as who asked or as somebody whom an open step asks; the latest counts.

    Raises UnableToFillRequestError, and UnableToFillFormError with what is wrong in which field.
    """
    with db.unit_of_work(actor):
        request = queries.by_id(request_id) if locks.lock_request(request_id) else None
        if request is None or request.status != "open":
            raise _refused("没有这项未结申请，或您无权查看。", "There is no such open request in your sight.")
        company = Company.objects.get(pk=request.company_id)
        form = of_requests([request], company=company).get(request_id)
        if form is None:
            raise _refused("这类申请没有表单。", "This kind of request has no form.")
        if not _may_fill(request, actor):
            raise _refused(
                "由申请人或当前处理人填写。", "Who asked, or whom the request waits for, fills it in."
            )
        keep(request, form=form.document, given=given, actor=actor)


def keep(request: RequestRecord, *, form: Mapping[str, Any], given: Mapping[str, str], actor: Actor) -> None:
    """Keep the answers to a form in the caller's transaction; raises UnableToFillFormError."""
    answers = forms.answers(forms.fields_of(form), given)
    filled_forms.fill(
        company_id=request.company_id, request_id=request.id, form=form, answers=answers, actor=actor
    )
    flow_operations.note(
        company_id=request.company_id, request_id=request.id, notes=[NewNote(kind="form_filled")], actor=actor
    )


def why_not_yet(form: Form | None) -> UnableToApproveError | None:
    """Return why a request cannot be approved before its form is filled in; None where nothing is missing."""
    missing = () if form is None else form.missing
    if not missing:
        return None
    zh, en = "、".join(one.zh for one in missing), ", ".join(one.en for one in missing)
    return four_eyes.refusal(
        "form_incomplete",
        zh=f"表单必填项未填：{zh}。请申请人补充后再同意。",
        en=f"The form lacks {en}. Approve when it has been filled in.",
    )


def _may_fill(request: RequestRecord, actor: Actor) -> bool:
    if request.requested_by_id == actor.user_id:
        return True
    roles = {one.value for one in actor.roles_in(request.company_id)}
    steps = flow_queries.steps_of([request.id]).get(request.id, ())
    if not steps:
        return bool(roles & set(request.roles))
    return any(one.is_open and (roles & set(one.able_roles) or actor.user_id in one.people) for one in steps)


def _in_force(company: Company, day: date) -> Mapping[str, Any]:
    try:
        stored = policies.in_force(company_id=company.pk, as_of=day)
    except policies.UnableToFindPolicyError:
        return {}
    found: Mapping[str, Any] = stored.document.get(forms.SECTION, {})
    return found


def _refused(zh: str, en: str) -> UnableToFillRequestError:
    return UnableToFillRequestError(Words(zh=zh, en=en))
