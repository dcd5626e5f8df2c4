"""What people do with a request beside voting: ask for material, send back, hand over, add a signer, urge, comment."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.apps.approvals import flow_operations, flow_queries, locks, queries
from tradecredit.apps.approvals.flow_operations import NewNote, NewStep
from tradecredit.core.approvals.diagrams import vocabulary
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.processes import cast_vote, course, run_flow
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access.models import Membership, User
from tradecredit.plumbing.processes import engine

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from tradecredit.apps.approvals.flow_queries import StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.processes.course import Course
    from tradecredit.plumbing.access import Actor

Added = Literal["before", "after", "parallel"]
PLACES: Final[Mapping[str, Added]] = {"before": "before", "after": "after", "parallel": "parallel"}
_LONGEST: Final = 2000
_AT: Final = re.compile(r"@([\w.+-]+@[\w.-]+\w)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a person says with an action: words, a colleague's address, a step, a place."""

    text: str = ""
    email: str = ""
    node: str = ""
    place: Added = "parallel"


class UnableToActOnRequestError(UnableToError):
    """The request does not allow this now, or not from this person."""

    code = "request_action_refused"
    status = 409


def ask_material(*, request_id: UUID, text: str, actor: Actor) -> None:
    """Ask who asked for what is missing; the step's clock stands still until it comes.

    Raises UnableToActOnRequestError, UnableToApproveError for a step that is another's.
    """
    with db.unit_of_work(actor):
        here, _, step = _own_step(request_id, actor)
        flow_operations.change_step(step.id, material_since=clock.now())
        _note(here.request, "material_asked", text=_said(text), step=step, actor=actor)


def give_material(*, request_id: UUID, text: str, actor: Actor) -> None:
    """Answer, as who asked, what a step waits for; its clock goes on where it stood."""
    with db.unit_of_work(actor):
        request = _locked(request_id)
        if request.requested_by_id != actor.user_id:
            raise _refused("由申请人补充材料。", "Who asked gives the material.")
        waiting = [one for one in _steps(request) if one.is_open and one.material_since is not None]
        if not waiting:
            raise _refused("没有步骤在等材料。", "No step waits for material.")
        moment = clock.now()
        for step in waiting:
            assert step.material_since is not None  # noqa: S101 - chosen by it
            due = None if step.due_at is None else step.due_at + (moment - step.material_since)
            flow_operations.change_step(step.id, material_since=None, due_at=due)
        _note(request, "material_given", text=_said(text), step=waiting[0], actor=actor)


def send_back(*, request_id: UUID, node_id: str, reason: str, actor: Actor) -> None:
    """Send the request back to a step that was decided: its votes and those after it count no more."""
    with db.unit_of_work(actor):
        here, steps, step = _own_step(request_id, actor)
        target = next(
            (
                one
                for one in reversed(steps)
                if one.node_id == node_id and one.status == "approved" and one.task_id
            ),
            None,
        )
        if target is None:
            raise _refused(
                "只能退回到已经通过的步骤。", "A request goes back to a step that has been decided."
            )
        progress = engine.go_back(
            diagram=here.text, state=here.state, node_id=node_id, evaluate=vocabulary.holds
        )
        standing = set(progress.completed)
        returned = [
            one for one in steps if one.stands and (one.task_id is None or one.task_id not in standing)
        ]
        still = {one.task_id for one in progress.waiting if one.task_id != target.task_id}
        flow_operations.take_back_steps(
            one.id for one in returned if not (one.is_open and one.task_id in still)
        )
        _note(here.request, "sent_back", text=_said(reason), step=step, actor=actor)
        run_flow.settle(here, progress, actor=actor)


def hand_over(*, request_id: UUID, to_email: str, reason: str, actor: Actor) -> None:
    """Give one's place in a step to another who may fill it; nobody gains authority by it."""
    with db.unit_of_work(actor):
        here, _, step = _own_step(request_id, actor)
        if step.ballot.seats != 1:
            raise _refused(
                "会签或表决的席位不能转交; 请用委托。",
                "A seat among several is not handed over: delegate instead.",
            )
        person = _colleague(here, to_email, roles=step.able_roles, people=step.people)
        flow_operations.change_step(step.id, reserved_for=person.pk)
        _note(here.request, "handed_over", text=f"→ {person.name} {_said(reason)}", step=step, actor=actor)


def add_signer(*, request_id: UUID, email: str, added_as: Added, reason: str, actor: Actor) -> None:
    """Ask one more person, before, after or beside the own step; it ends only when they have agreed."""
    with db.unit_of_work(actor):
        here, _, step = _own_step(request_id, actor)
        person = _colleague(here, email, roles=None, people=())
        added = NewStep(
            node_id=step.node_id,
            words=Words(zh=f"加签 {person.name}", en=f"Added: {person.name}"),
            people=(person.pk,),
            parent_id=step.parent_id or step.id,
            added_as=added_as,
        )
        flow_operations.open_steps(
            company_id=here.company.pk, instance_id=here.instance_id, request_id=request_id, steps=[added]
        )
        _note(here.request, "signer_added", text=f"+ {person.name} {_said(reason)}", step=step, actor=actor)


def urge(*, request_id: UUID, actor: Actor) -> None:
    """Ask those who decide to hurry, as who asked; once a day."""
    with db.unit_of_work(actor):
        request = _locked(request_id)
        if request.requested_by_id != actor.user_id:
            raise _refused("由申请人催办。", "Who asked may urge.")
        here = course.of_request(request)
        day = clock.now().date() if here is None else clock.today(here.company)
        note = NewNote(kind="urged", once_key=f"urge:{request_id}:{day}")
        if not flow_operations.note(
            company_id=request.company_id, request_id=request_id, notes=[note], actor=actor
        ):
            raise _refused("今天已经催办过。", "It has been urged today already.")


def comment(*, request_id: UUID, text: str, actor: Actor) -> None:
    """Say something about an open request; who is mentioned (@mail address) finds it among what they were told."""
    with db.unit_of_work(actor):
        request = _locked(request_id)
        rows = User.objects.filter(
            email__in=[one.lower() for one in _AT.findall(text)], memberships__company_id=request.company_id
        )
        mentions = tuple(rows.distinct().values_list("pk", flat=True))
        note = NewNote(kind="comment", text=_said(text), mentions=mentions)
        flow_operations.note(company_id=request.company_id, request_id=request_id, notes=[note], actor=actor)


def _locked(request_id: UUID) -> RequestRecord:
    found = queries.by_id(request_id) if locks.lock_request(request_id) else None
    if found is None or found.status != "open":
        raise _refused(
            "没有这项未结申请，或您无权查看。请刷新。", "There is no such open request in your sight. Reload."
        )
    return found


def _own_step(request_id: UUID, actor: Actor) -> tuple[Course, tuple[StepRecord, ...], StepRecord]:
    """Return the course, its steps, and the open step that the actor may decide."""
    request = _locked(request_id)
    run_flow.begin(request, actor=actor)
    here = course.of_request(request)
    if here is None:
        raise _refused(
            "这项申请不按流程图审批, 只能同意或驳回。",
            "No flow is drawn for this kind of request: approve or reject it.",
        )
    steps = _steps(request)
    step, _ = cast_vote.place_of(here, steps=steps, actor=actor)
    return here, steps, step


def _steps(request: RequestRecord) -> tuple[StepRecord, ...]:
    return flow_queries.steps_of([request.id]).get(request.id, ())


def _colleague(here: Course, email: str, *, roles: Sequence[str] | None, people: Sequence[UUID]) -> User:
    """Return the colleague of that address who may take part: not who asked, and of the roles where they matter."""
    person = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    rows = Membership.objects.filter(user=person, company=here.company)
    held = set(rows.values_list("role", flat=True)) if person is not None else set()
    if person is None or not held:
        raise _refused(f"公司里没有 {email}。", f"Nobody of the company has the address {email}.")
    if person.pk == here.request.requested_by_id:
        raise _refused("申请人不能参与审批。", "Who asked takes no part in deciding.")
    if roles is not None and not held & set(roles) and person.pk not in people:
        raise _refused("对方没有这一步的审批权限。", "That person has no authority for this step.")
    return person


def _said(text: str) -> str:
    said = text.strip()
    if not said:
        raise _refused("请写明内容: 会留痕。", "Say why: it stays on record.")
    return said[:_LONGEST]


def _note(request: RequestRecord, kind: str, *, text: str, step: StepRecord, actor: Actor) -> None:
    flow_operations.note(
        company_id=request.company_id,
        request_id=request.id,
        notes=[NewNote(kind=kind, text=text, step_id=step.id)],
        actor=actor,
    )


def _refused(zh: str, en: str) -> UnableToActOnRequestError:
    return UnableToActOnRequestError(Words(zh=zh, en=en))


# What can be done with a request beside deciding it, by the name that doors call it.
ACTIONS: Final[Mapping[str, Callable[[UUID, Said, Actor], None]]] = {
    "material": lambda one, said, actor: ask_material(request_id=one, text=said.text, actor=actor),
    "give": lambda one, said, actor: give_material(request_id=one, text=said.text, actor=actor),
    "back": lambda one, said, actor: send_back(
        request_id=one, node_id=said.node, reason=said.text, actor=actor
    ),
    "hand": lambda one, said, actor: hand_over(
        request_id=one, to_email=said.email, reason=said.text, actor=actor
    ),
    "sign": lambda one, said, actor: add_signer(
        request_id=one, email=said.email, added_as=said.place, reason=said.text, actor=actor
    ),
    "urge": lambda one, _, actor: urge(request_id=one, actor=actor),
    "comment": lambda one, said, actor: comment(request_id=one, text=said.text, actor=actor),
}
