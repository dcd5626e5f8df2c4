"""Requests as cards: the facts for the decision, where it stands, what was said, and how like ones ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from tradecredit.core.approvals import routing
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import inbox, request_forms, roles
from tradecredit.plumbing import clock

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.analytics.approvals.inbox import Asked
    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.apps.approvals.flow_queries import NoteRecord, StepRecord
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.flows.processes.request_forms import Form

_BY_PROPOSAL: Final = frozenset({"credit_limit", "temporary_line"})
NOTES: Final[Mapping[str, Words]] = {
    "comment": Words(zh="留言", en="Comment"),
    "material_asked": Words(zh="要求补充材料", en="Material asked for"),
    "material_given": Words(zh="已补充材料", en="Material given"),
    "sent_back": Words(zh="退回", en="Sent back"),
    "handed_over": Words(zh="转审", en="Handed over"),
    "signer_added": Words(zh="加签", en="Signer added"),
    "urged": Words(zh="催办", en="Urged"),
    "reminded": Words(zh="到期提醒", en="Reminded"),
    "breached": Words(zh="超时", en="Late"),
    "escalated": Words(zh="超时上报", en="Handed up"),
    "authority_asked": Words(zh="按授权表补充审批", en="The authority table wants more"),
    "shadow": Words(zh="影子流程会这样走", en="The flow in shadow would go"),
    "migrated": Words(zh="已改按新流程", en="Moved to the new flow"),
    "link_refused": Words(zh="他人使用审批链接被拒", en="Another person's use of the link was refused"),
    "form_filled": Words(zh="填写表单", en="Form filled in"),
    "stuck": Words(zh="流程受阻", en="Stuck"),
}


def card(
    asked: Asked, standings: Sequence[Row], *, names: Mapping[UUID, str], is_open: bool, is_mine: bool,
    form: Form | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Return what one card shows; ``is_open`` offers the decision, ``is_mine`` what who asked may do."""
    request = asked.request
    running = request.status == "open"
    return {
        "id": request.id,
        "title": inbox.KINDS.get(request.kind, Words(zh=request.kind, en=request.kind)),
        "record": request,
        "amount": inbox.amount_of(request),
        "facts": _facts(request),
        "standings": standings,
        "deciders": _joined(request.roles),
        "waits_for": _joined(request.waits_for),
        "needs_all": request.mode in {"all", "countersign"},
        "votes": [(vote, roles.name_of(vote.role)) for vote in request.votes],
        "steps": [_step(one, names) for one in asked.steps if one.stands],
        "due": _due(asked),
        "notes": [_note(one) for one in asked.notes],
        "files": asked.files,
        "similar": [_like(one) for one in asked.similar],
        "back_to": [
            one for one in asked.steps if one.status == "approved" and one.task_id and not one.service
        ],
        "lacks_material": any(one.material_since is not None for one in asked.open_steps),
        "is_open": is_open,
        "is_mine": is_mine and running,
        "has_flow": bool(asked.steps),
        "may_withdraw": is_mine and running and request.kind in _BY_PROPOSAL,
        "form": request_forms.shown(form, may_fill=running and (is_open or is_mine)),
        "url": _url(request),
    }


def _step(step: StepRecord, names: Mapping[UUID, str]) -> dict[str, Any]:
    whom = _joined(step.roles)
    named = "、".join(
        names[one] for one in (step.reserved_for, *step.people) if one is not None and one in names
    )
    return {
        "words": step.words,
        "status": step.status,
        "whom": Words(zh=named, en=named) if named else whom,
        "since": step.opened_at,
        "until": step.ended_at,
        "due_at": step.due_at,
        "is_late": _is_late(step.due_at if step.is_open else None),
        "lacks_material": step.is_open and step.material_since is not None,
        "votes": step.votes,
        "ballot": step.ballot,
        "is_vote": step.ballot.seats > 1,
    }


def _due(asked: Asked) -> dict[str, Any] | None:
    moments = [one.due_at for one in asked.open_steps if one.due_at is not None]
    moment = min(moments, default=asked.request.due_at)
    return None if moment is None else {"at": moment, "is_late": _is_late(moment)}


def _is_late(moment: datetime | None) -> bool:
    return moment is not None and moment < clock.now()


def _note(note: NoteRecord) -> dict[str, Any]:
    return {"title": NOTES.get(note.kind, Words(zh=note.kind, en=note.kind)), "record": note}


def _like(row: Row) -> dict[str, Any]:
    amount = None if row["amount"] is None else Money(row["amount"], row["currency"])
    return {**row, "amount": amount}


def _joined(codes: Sequence[str]) -> Words:
    names = [roles.name_of(code) for code in codes]
    return Words(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names))


def _facts(request: RequestRecord) -> list[tuple[Words, str]]:
    """Return what the routing recorded that a decider wants to know."""
    grade = request.routing.get("grade")
    return [(Words(zh="信用等级", en="Grade"), str(grade))] if grade else []


def _url(request: RequestRecord) -> str:
    if request.decision_id:
        return reverse("web:decision", args=[request.decision_id])
    if request.kind == "policy":
        return reverse("web:policy_draft", args=[request.subject_id])
    if request.kind == "level_limit":
        return reverse("web:levels")
    if request.customer_code and request.kind in {"freeze_lift", *routing.APPLICATIONS}:
        return reverse("web:customer", args=[request.customer_code])
    return reverse("web:limit_journals" if request.kind == "limit_journal" else "web:limits")
