"""Requests as cards with their steps, what people do with them, and flows drawn in a draft that a second person publishes."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from factories import flows
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, Attachment, FlowStep, RequestNote
from tradecredit.apps.decisions import drafts
from tradecredit.flows.limits import propose_limit
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
TWO = flows.chain(look=flows.person(roles="credit_manager", slaDays="2"), decide=flows.person(who="rule"))


@pytest.fixture
def asked(house: House) -> ApprovalRequest:
    flows.in_force(house.company, credit_limit=TWO)
    with scope.entered(SYSTEM):
        from tradecredit.apps.dossier.models import Customer

        customer = Customer.objects.get(code="C001")
    propose_limit.propose_limit(
        company=house.company,
        customer_id=customer.pk,
        actor=house.people[Role.SALES_MANAGER],
        asked=cny("150000"),
        reason="旺季备货",
    )
    with scope.entered(SYSTEM):
        return ApprovalRequest.objects.get(kind="credit_limit")


def page(house: House, role: Role, box: str = "todo", language: str = "zh-hans") -> str:
    return house.client(role, language=language).get(f"/tasks?box={box}").content.decode()


def act(house: House, role: Role, asked: ApprovalRequest, **said: str):
    return house.client(role).post(f"/tasks/{asked.pk}/act", said)


def kinds() -> list[str]:
    with scope.entered(SYSTEM):
        return list(RequestNote.objects.order_by("written_at").values_list("kind", flat=True))


class TestTasks:
    def test_show_the_step_only_to_whom_it_waits_for(self, house: House, asked: ApprovalRequest):
        assert "批准信用额度" in page(house, Role.CREDIT_MANAGER)
        assert "批准信用额度" not in page(house, Role.CFO)
        mine = page(house, Role.SALES_MANAGER, "mine")
        assert "信用经理" in mine
        assert 'data-test="steps"' in mine

    def test_agreeing_step_by_step_grants_the_line(self, house: House, asked: ApprovalRequest):
        for role in (Role.CREDIT_MANAGER, Role.RISK_DIRECTOR, Role.CFO):
            house.client(role).post(f"/tasks/{asked.pk}/decide", {"answer": "approve"})
        with scope.entered(SYSTEM):
            assert ApprovalRequest.objects.get(pk=asked.pk).status == "approved"
        assert "批准信用额度" in page(house, Role.CREDIT_MANAGER, "done")

    def test_material_goes_to_and_fro_with_a_file(self, house: House, asked: ApprovalRequest):
        act(house, Role.CREDIT_MANAGER, asked, do="material", text="请补充三月报表")
        assert "等待补充材料" in page(house, Role.SALES_MANAGER, "mine")
        from django.core.files.uploadedfile import SimpleUploadedFile

        paper = SimpleUploadedFile("三月.pdf", b"%PDF-1.7 x", content_type="text/html")
        house.client(Role.SALES_MANAGER).post(f"/tasks/{asked.pk}/files", {"file": paper})
        act(house, Role.SALES_MANAGER, asked, do="give", text="已附三月报表")

        assert kinds() == ["material_asked", "material_given"]
        with scope.entered(SYSTEM):
            kept = Attachment.objects.get()
        answer = house.client(Role.CREDIT_MANAGER).get(f"/tasks/files/{kept.pk}")
        assert (answer.headers["Content-Type"], answer.content) == ("application/pdf", b"%PDF-1.7 x")

    def test_a_file_of_another_type_is_refused_whatever_it_calls_itself(
        self, house: House, asked: ApprovalRequest
    ):
        from django.core.files.uploadedfile import SimpleUploadedFile

        trap = SimpleUploadedFile("x.pdf", b"<html><script>", content_type="application/pdf")
        house.client(Role.SALES_MANAGER).post(f"/tasks/{asked.pk}/files", {"file": trap})
        with scope.entered(SYSTEM):
            assert not Attachment.objects.exists()

    def test_who_is_mentioned_finds_it_among_what_they_were_told(self, house: House, asked: ApprovalRequest):
        assert "批准信用额度" not in page(house, Role.LEGAL, "told")
        email = house.people[Role.LEGAL].email
        act(house, Role.CREDIT_MANAGER, asked, do="comment", text=f"@{email} 请看条款")
        assert "批准信用额度" in page(house, Role.LEGAL, "told")

    def test_a_delegate_decides_for_who_is_away(self, house: House, asked: ApprovalRequest):
        boss = house.client(Role.CREDIT_MANAGER)
        boss.post(
            "/tasks/delegations",
            {
                "to": house.people[Role.LEGAL].email,
                "from": "2026-03-02",
                "until": "2026-03-06",
                "reason": "出差",
            },
        )
        assert "批准信用额度" in page(house, Role.LEGAL)
        house.client(Role.LEGAL).post(f"/tasks/{asked.pk}/decide", {"answer": "approve"})
        with scope.entered(SYSTEM):
            assert FlowStep.objects.get(node_id="look").status == "approved"

    def test_in_english_no_chinese_is_left_of_ours(self, house: House, asked: ApprovalRequest):
        text = page(house, Role.CREDIT_MANAGER, language="en")
        assert "Ask for material" in text
        assert "加签" not in text

    @pytest.mark.parametrize("do", ["material", "back", "hand", "sign"])
    def test_whose_step_it_is_not_changes_nothing(self, house: House, asked: ApprovalRequest, do):
        act(house, Role.COLLECTOR, asked, do=do, text="x", email=house.people[Role.CFO].email, node="look")
        assert kinds() == []


class TestFlows:
    def test_a_step_drawn_in_a_draft_is_published_by_a_second_person_and_old_requests_stay(
        self, house: House, asked: ApprovalRequest
    ):
        writer, publisher = house.client(Role.CREDIT_MANAGER), house.client(Role.RISK_DIRECTOR)
        draft = draft_policy.start_draft(
            company=house.company, title="加一步", reason="加法务", valid_from=date(2026, 3, 3),
            actor=house.people[Role.CREDIT_MANAGER],
        )  # fmt: skip
        address = f"/flows/credit_limit?draft={draft.id}"
        three = flows.chain(
            look=flows.person(roles="credit_manager"),
            legal=flows.person(roles="legal"),
            decide=flows.person(who="rule"),
        )

        assert "flow-canvas" in writer.get(address).content.decode()
        writer.post(address, {"version": draft.version, "diagram": three})
        publisher.post(f"/policies/drafts/{draft.id}", {"action": "publish"})

        with db.unit_of_work(SYSTEM):
            now = drafts.by_id(draft.id)
        assert "legal" in now.document["flows"]["credit_limit"]
        with scope.entered(SYSTEM):
            assert list(FlowStep.objects.values_list("node_id", flat=True)) == ["look"]

    def test_what_cannot_run_is_named_and_what_is_no_diagram_refused(self, house: House):
        draft = draft_policy.start_draft(
            company=house.company, title="试", reason="试", valid_from=date(2026, 3, 3),
            actor=house.people[Role.CREDIT_MANAGER],
        )  # fmt: skip
        client, address = house.client(Role.CREDIT_MANAGER), f"/flows/credit_limit?draft={draft.id}"
        broken = flows.chain(one={"type": "scriptTask"}, two=flows.person(roles="cfo"))
        client.post(address, {"version": draft.version, "diagram": broken})
        assert "流程中不允许脚本" in client.get(address).content.decode()

        refused = client.post(address, {"version": draft.version + 1, "diagram": "<html/>"}, follow=True)
        assert "BPMN" in refused.content.decode()

    def test_are_listed_with_what_runs(self, house: House, asked: ApprovalRequest):
        text = house.client(Role.CREDIT_MANAGER).get("/flows").content.decode()
        assert "授信额度" in text
        assert house.client(Role.CREDIT_MANAGER).get("/flows/credit_limit").status_code == 200

    def test_a_request_is_moved_to_the_new_flow_and_arrives_at_the_new_step(
        self, house: House, asked: ApprovalRequest
    ):
        house.client(Role.CREDIT_MANAGER).post(f"/tasks/{asked.pk}/decide", {"answer": "approve"})
        flows.in_force(
            house.company,
            credit_limit=flows.chain(
                look=flows.person(roles="credit_manager"),
                legal=flows.person(roles="legal"),
                decide=flows.person(who="rule"),
            ),
        )
        client = house.client(Role.FINANCE_MANAGER)
        preview = client.get("/flows/moves").content.decode()
        assert "legal" in preview
        client.post("/flows/moves", {"request": str(asked.pk)})

        with scope.entered(SYSTEM):
            steps = set(FlowStep.objects.values_list("node_id", "status"))
        assert steps == {("look", "approved"), ("decide", "returned"), ("legal", "open")}
