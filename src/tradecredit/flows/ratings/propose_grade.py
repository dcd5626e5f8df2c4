"""A grade beside the system's: asked for with a reason and an end, decided by others, kept with what the system says."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.apps.approvals import operations as approvals
from tradecredit.apps.approvals import queries as questions
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.scoring import locks, operations, queries
from tradecredit.core.approvals import routing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.scoring import overrides
from tradecredit.core.scoring.overrides import Override
from tradecredit.flows.ratings import rating_policy, rerate_customer
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Company
from tradecredit.plumbing.audit import log

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.scoring.queries import ProposalRecord, RatingRecord
    from tradecredit.core.approvals.routing import Route
    from tradecredit.flows.orders.record_release import Terms
    from tradecredit.flows.ratings.rating_policy import RatingPolicy
    from tradecredit.plumbing.access import Actor

APPROVED = "grade.approved"


class UnableToProposeGradeError(UnableToError):
    """The grade cannot be asked for now."""

    code = "grade_not_proposed"
    status = 409


def propose_grade(
    *, company: Company, customer_code: str, grade: str, reason: str, until: date, actor: Actor
) -> RequestRecord:
    """Ask for a grade from today up to and including ``until``; the question stands among the deciders' tasks.

    Raises UnableToProposeGradeError (unknown customer, not rated, asked already), UnableToOverrideGradeError (no such
    grade, no reason) and UnableToFindPolicyError.
    """
    day = clock.today(company)
    with db.unit_of_work(actor):
        customer = dossier.customer_by_code(customer_code)
        if customer is None or company.pk not in customer.company_ids:
            raise _refused(
                "没有这个客户，或您无权查看。", "There is no such customer, or you may not see it."
            )
        locks.lock_customers(company_id=company.pk, customer_ids=[customer.id])
        rating = queries.latest(company_id=company.pk, customer_ids=[customer.id], as_of=day).get(customer.id)
        if rating is None:
            raise _refused("客户还没有评级;请先评级。", "The customer is not rated yet: rate it first.")
        if until <= day:
            raise _refused("到期日须晚于今天。", "The last day must be after today.")
        if open_request(company_id=company.pk, customer_id=customer.id) is not None:
            raise _refused(
                "这个客户已有一项等级调整在等审批。", "A grade for this customer waits for approval already."
            )
        return _ask(
            company,
            rating,
            grade=grade,
            reason=reason,
            validity=Validity(day, until + timedelta(days=1)),
            actor=actor,
        )


def open_request(*, company_id: UUID, customer_id: UUID) -> RequestRecord | None:
    """Return the question about the customer's grade that people are asked now."""
    asked = [each.id for each in queries.proposals(company_id=company_id, customer_id=customer_id)]
    found = questions.open_of_subjects(kind=routing.GRADE_OVERRIDE, subject_ids=asked)
    return next(iter(found.values()), None)


def release_approved(
    *, request: RequestRecord, terms: Terms, actor: Actor, as_of: date | None
) -> UUID | None:
    """Let the grade hold that people agreed to: it is recorded beside the system's and the customer rated again."""
    company = Company.objects.get(pk=request.company_id)
    found = _proposal_of(request)
    approved = overrides.approve(found.override, approved_by=str(actor.user_id))
    operations.record_override(company_id=company.pk, customer_id=found.customer_id, override=approved)
    words = Words(
        zh="{name} 批准等级 {grade}，至 {until} 止（系统等级 {system}）：{reason}",
        en="{name} approved grade {grade} until {until} (the system says {system}): {reason}",
    )
    _tell(company, found, kind="grade.approved", words=words, reason=terms.reason, actor=actor)
    rerate_customer.rerate_customers(
        company=company, customer_ids=[found.customer_id], cause=APPROVED, actor=actor, as_of=as_of
    )
    return None


def reject_approved(*, request: RequestRecord, reason: str, actor: Actor) -> None:
    """Leave the system's grade as it is, with the refusal on the customer's timeline."""
    company = Company.objects.get(pk=request.company_id)
    words = Words(
        zh="{name} 不同意等级 {grade}（系统等级 {system}）：{reason}",
        en="{name} rejected grade {grade} (the system says {system}): {reason}",
    )
    _tell(company, _proposal_of(request), kind="grade.rejected", words=words, reason=reason, actor=actor)


def _ask(
    company: Company, rating: RatingRecord, *, grade: str, reason: str, validity: Validity, actor: Actor
) -> RequestRecord:
    policy = rating_policy.in_force(company_id=company.pk, as_of=validity.valid_from)
    override = Override(grade=grade, reason=reason.strip(), validity=validity, proposed_by=str(actor.user_id))
    overrides.check_proposal(override, scale=policy.scale)
    proposal_id = operations.record_proposal(
        company_id=company.pk,
        customer_id=rating.customer_id,
        override=override,
        system_grade=rating.suggested_grade,
        actor=actor,
    )
    route = _route(policy, system_grade=rating.suggested_grade, grade=grade)
    (request_id,) = approvals.ask(
        [
            approvals.NewRequest(
                company_id=company.pk,
                customer_id=rating.customer_id,
                subject_id=proposal_id,
                reference=f"{rating.suggested_grade} → {grade}",
                route=route,
                reason=override.reason,
            )
        ],
        actor=actor,
    )
    found = questions.by_id(request_id)
    assert found is not None  # noqa: S101 - it was asked a moment ago in this transaction
    return found


def _route(policy: RatingPolicy, *, system_grade: str, grade: str) -> Route:
    """Return who decides: by the worse of both grades, so that nobody is raised past those who decide on weak ones."""
    is_known = system_grade in policy.scale.grades
    return routing.route(
        kind=routing.GRADE_OVERRIDE,
        grade=policy.scale.worse(grade, system_grade) if is_known else grade,
        amount=Money.zero(policy.authority.currency),
        authority=policy.authority,
    )


def _proposal_of(request: RequestRecord) -> ProposalRecord:
    found = queries.proposal(request.subject_id)
    assert found is not None  # noqa: S101 - the request was made with it
    return found


def _tell(
    company: Company, found: ProposalRecord, *, kind: str, words: Words, reason: str, actor: Actor
) -> None:
    override = found.override
    filled = words.filled(
        name=actor.name,
        grade=override.grade,
        system=found.system_grade,
        until=override.validity.valid_to,
        reason=reason or override.reason,
    )
    payload = {
        "proposal": found.id,
        "grade": override.grade,
        "system_grade": found.system_grade,
        "asked_by": found.requested_by_name,
    }
    entry = log.NewEntry(stream=f"customer:{found.customer_id}", kind=kind, words=filled, payload=payload)
    log.append(company_id=company.pk, actor=actor, entries=[entry])


def _refused(zh: str, en: str) -> UnableToProposeGradeError:
    return UnableToProposeGradeError(Words(zh=zh, en=en))
