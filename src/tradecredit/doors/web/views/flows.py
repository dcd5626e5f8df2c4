"""Flows as pictures: those in force, and the editor that draws them in a draft of the next policy."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from tradecredit.apps.approvals import flow_queries
from tradecredit.apps.decisions import drafts, policies
from tradecredit.core.approvals import kinds
from tradecredit.core.approvals.diagrams import flows, reading, vocabulary
from tradecredit.core.approvals.diagrams.assignment import known_roles
from tradecredit.core.approvals.diagrams.reading import UnableToReadFlowError
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import acting, drafts_asked, roles
from tradecredit.flows import permissions
from tradecredit.flows.approvals import draft_flow, migrate_flow

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from tradecredit.apps.decisions.drafts import Draft

_ACTION: Final = "draft_policy"
# A start, one step by the authority table, an approval: where drawing begins.
EMPTY: Final = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:tc="urn:tradecredit:flow:1" id="definitions" targetNamespace="urn:tradecredit:flow:1">
  <bpmn:process id="flow" isExecutable="true">
    <bpmn:startEvent id="start" name="提交"><bpmn:outgoing>to_decide</bpmn:outgoing></bpmn:startEvent>
    <bpmn:userTask id="decide" name="按授权表审批" tc:who="rule"><bpmn:incoming>to_decide</bpmn:incoming><bpmn:outgoing>to_end</bpmn:outgoing></bpmn:userTask>
    <bpmn:endEvent id="approved" name="批准" tc:outcome="approved"><bpmn:incoming>to_end</bpmn:incoming></bpmn:endEvent>
    <bpmn:sequenceFlow id="to_decide" sourceRef="start" targetRef="decide" />
    <bpmn:sequenceFlow id="to_end" sourceRef="decide" targetRef="approved" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram"><bpmndi:BPMNPlane id="plane" bpmnElement="flow">
    <bpmndi:BPMNShape id="start_di" bpmnElement="start"><dc:Bounds x="82" y="182" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="decide_di" bpmnElement="decide"><dc:Bounds x="200" y="160" width="120" height="80" /></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="approved_di" bpmnElement="approved"><dc:Bounds x="402" y="182" width="36" height="36" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="to_decide_di" bpmnElement="to_decide"><di:waypoint x="118" y="200" /><di:waypoint x="200" y="200" /></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="to_end_di" bpmnElement="to_end"><di:waypoint x="320" y="200" /><di:waypoint x="402" y="200" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


@require_GET
@acting.page
def flow_list(request: HttpRequest) -> HttpResponse:
    """List the kinds of requests with their flows, what runs by them, and the drafts in which they may be drawn."""
    company, place = acting.company_of(request), acting.place_of(request)
    stored = policies.in_force(company_id=company.pk, as_of=place.as_of)
    drawn = stored.document.get("flows", {})
    forms = stored.document.get("forms", {})
    running = Counter(one.kind for one in flow_queries.running(company_id=company.pk))
    rows = [
        {
            "kind": kind,
            "words": words,
            "has_flow": kind in drawn,
            "has_form": len(forms.get(kind, {}).get("components", ())),
            "boxes": _boxes(drawn.get(kind, "")),
            "is_shadow": _is_shadow(drawn.get(kind, "")),
            "running": running[kind],
        }
        for kind, words in kinds.KINDS.items()
    ]
    context = {
        "rows": rows,
        "policy": stored,
        "drafts": [one for one in drafts.listed(company_id=company.pk) if one.is_open],
    }
    return render(request, "web/flows.html", context)


@require_http_methods(["GET", "POST"])
@acting.page
def flow(request: HttpRequest, kind: str) -> HttpResponse:
    """Show the flow of a kind of request, in force or in a draft; in a draft, take the drawing."""
    if kind not in kinds.KINDS:
        raise Http404
    company, actor = acting.company_of(request), acting.actor_of(request)
    draft = drafts_asked.draft_in_query(request)
    if request.method == "POST":
        if draft is None:
            raise Http404
        return _take(request, draft, kind)
    stored = policies.in_force(company_id=company.pk, as_of=acting.place_of(request).as_of)
    document = stored.document if draft is None else draft.document
    text = document.get("flows", {}).get(kind, "")
    found = flows.findings(text, tables=document.get("tables", {})) if text else ()
    context = {
        "kind": kind,
        "words": kinds.KINDS[kind],
        "draft": draft,
        "is_drawn": bool(text),
        "is_shadow": _is_shadow(text),
        "diagram": text or EMPTY,
        "findings": found,
        "counts": _counts(text),
        "roles": [(role, roles.name_of(role)) for role in sorted(known_roles())],
        "facts": [(name, words, kind_) for name, (kind_, words) in vocabulary.FACTS.items()],
        "may_draw": draft is not None and draft.is_open and permissions.may(actor, company.pk, _ACTION),
    }
    return render(request, "web/flow_editor.html", context)


def _take(request: HttpRequest, draft: Draft, kind: str) -> HttpResponse:
    back = f"{reverse('web:flow', args=[kind])}?draft={draft.id}"
    version = request.POST.get("version", "")

    def effect() -> str:
        draft_flow.change_flow(
            draft_id=draft.id,
            kind=kind,
            text="" if request.POST.get("remove") else request.POST.get("diagram", ""),
            version=int(version) if version.isdigit() else 0,
            is_shadow=bool(request.POST.get("shadow")),
            actor=acting.actor_of(request),
        )
        return back

    done = Words(zh="流程图已保存到草稿。", en="The flow is kept in the draft.")
    return acting.act(request, action=_ACTION, effect=effect, back=back, done=done)


def _boxes(text: str) -> int:
    return len(reading.read(text).of_type(reading.PERSON, "manualTask")) if text else 0


def _is_shadow(text: str) -> bool:
    try:
        return bool(text) and reading.read(text).is_shadow
    except UnableToReadFlowError:
        return False


def _counts(text: str) -> dict[str, Any]:
    try:
        return dict(reading.read(text).counts) if text else {}
    except UnableToReadFlowError:
        return {}


@require_http_methods(["GET", "POST"])
@acting.page
def moves(request: HttpRequest) -> HttpResponse:
    """Show what moving running requests to the flow in force would do, and move those that are chosen."""
    company, actor = acting.company_of(request), acting.actor_of(request)
    here = reverse("web:flow_moves")
    if request.method == "POST":
        chosen = [UUID(one) for one in request.POST.getlist("request") if one]

        def effect() -> str:
            for one in chosen:
                migrate_flow.migrate(company=company, request_id=one, actor=actor)
            return here

        done = Words(zh="已迁移 {n} 项。", en="{n} moved.").filled(n=len(chosen))
        return acting.act(request, action=_ACTION, effect=effect, back=here, done=done)
    found = migrate_flow.previews(company=company, actor=actor)
    context = {
        "previews": found,
        "kinds": kinds.KINDS,
        "may_move": permissions.may(actor, company.pk, _ACTION),
    }
    return render(request, "web/flow_moves.html", context)
