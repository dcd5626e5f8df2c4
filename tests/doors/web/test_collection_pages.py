"""The desk, a case, the preview, the plans and the measures, as people use them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.uploadedfile import SimpleUploadedFile

from tradecredit.apps.collections.models import (
    ActionStep,
    Case,
    CaseEvent,
    InstalmentPlan,
    Letter,
    OptOut,
    Promise,
)
from tradecredit.flows.collections import follow_cases
from tradecredit.flows.watch import run_dunning
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")


def worked(house: House) -> Case:
    """Let the day's run write letters and open cases; return the case of C001."""
    day = clock.today(house.company)
    with clock.on(house.company, day):
        run_dunning.run_dunning(company=house.company, as_of=day, actor=SYSTEM)
        follow_cases.follow_day(company=house.company, as_of=day, actor=SYSTEM)
    with scope.entered(SYSTEM):
        return Case.objects.select_related("customer").get(customer__code="C001")


class TestCollectionPages:
    def test_from_the_desk_to_an_outcome_in_three_clicks(self, house: House):
        case = worked(house)
        browser = (
            house.client(Role.COLLECTOR)
            if Role.COLLECTOR in house.people
            else house.client(Role.CREDIT_MANAGER)
        )

        desk = browser.get("/collections").content.decode()
        page = browser.get(f"/collections/cases/{case.pk}").content.decode()
        browser.post(
            f"/collections/cases/{case.pk}/act",
            {
                "step": "log", "way": "call", "outcome": "will_pay", "amount": "82000.00", "currency": "CNY",
                "promised_date": "2026-03-09", "text": "财务李经理",
            },
        )  # fmt: skip

        assert desk.index("C001") < desk.index("C002")
        assert "逾期 CNY 82,000.00" in desk
        assert page.count('data-test="outcome-') == 6
        with scope.entered(SYSTEM):
            assert [(str(one.amount), str(one.promised_date)) for one in Promise.objects.all()] == [
                ("82000.0000", "2026-03-09")
            ]
            assert CaseEvent.objects.filter(kind="contact", outcome="will_pay").count() == 1

    def test_every_page_opens_in_both_languages(self, house: House):
        case = worked(house)
        house.client(Role.CREDIT_MANAGER).post(
            f"/collections/cases/{case.pk}/act", {"step": "start", "code": "stop_loss"}
        )
        with scope.entered(SYSTEM):
            step = ActionStep.objects.order_by("position").first()
            letter = Letter.objects.first()
        pages = (
            "/collections", f"/collections/cases/{case.pk}", "/collections/preview", "/collections/measures",
            "/collections/plans", f"/collections/plans/{step.plan_id}", f"/letters/{letter.pk}",
        )  # fmt: skip

        for language in ("zh-hans", "en"):
            browser = house.client(Role.CREDIT_MANAGER, language=language)
            for address in pages:
                assert browser.get(address).status_code == 200, (address, language)

    def test_a_plan_a_hand_over_and_a_step_are_recorded_and_refusals_change_nothing(self, house: House):
        case = worked(house)
        browser = house.client(Role.CREDIT_MANAGER)
        act = f"/collections/cases/{case.pk}/act"
        parts = {
            "part_day": ["2026-03-10", "2026-03-20"],
            "part_amount": ["40000", "42000"],
            "currency": "CNY",
        }

        browser.post(act, {"step": "agree", "accelerates": "3", "acknowledges": "yes", **parts})
        browser.post(act, {"step": "hand_over", "channel": "legal", "receiver": "示例律师事务所"})
        browser.post(act, {"step": "start", "code": "litigation"})
        house.client(Role.SALES).post(act, {"step": "hand_over", "channel": "agency", "receiver": "x"})
        with scope.entered(SYSTEM):
            step = ActionStep.objects.filter(plan__code="litigation").first()
        address = f"/collections/plans/{step.plan_id}/steps/{step.pk}"
        browser.post(address, {"step": "done", "result": "已导出"})

        with scope.entered(SYSTEM):
            case.refresh_from_db()
            plan = InstalmentPlan.objects.get()
            step.refresh_from_db()
        assert (case.channel, str(plan.amount), plan.accelerates_after_days, plan.acknowledges_debt) == (
            "legal", "82000.0000", 3, True,
        )  # fmt: skip
        assert (step.result, step.done_on is not None) == ("已导出", True)

    def test_a_promise_is_withdrawn_letters_go_out_again_and_the_agency_reports(self, house: House):
        case = worked(house)
        browser = house.client(Role.CREDIT_MANAGER)
        page = f"/collections/cases/{case.pk}"
        contact = {"way": "call", "outcome": "will_pay", "amount": "9.00", "promised_date": "2026-03-30"}

        browser.post(f"{page}/act", {"step": "log", **contact})
        browser.post(f"{page}/act", {"step": "opt_out", "text": "内部单位"})
        shown = browser.get(page).content.decode()
        with scope.entered(SYSTEM):
            promise, opt_out = Promise.objects.get(), OptOut.objects.get()
        browser.post(f"{page}/act", {"step": "withdraw", "promise": str(promise.pk), "text": "客户反悔"})
        browser.post(f"{page}/act", {"step": "write_again", "opt_out": str(opt_out.pk)})
        browser.post(f"{page}/act", {"step": "hand_over", "channel": "agency", "receiver": "示例催收公司"})
        report = f"case,day,outcome,reference\n{case.number},2026-03-09,not_reached,A-1\nX,2026-03-09,not_reached,A-2\n"
        sent = SimpleUploadedFile("report.csv", report.encode(), content_type="text/csv")
        told = browser.post("/collections/agency", {"file": sent}, follow=True).content.decode()

        assert ('data-test="withdraw-form"' in shown, 'data-test="opted-out"' in shown) == (True, True)
        with scope.entered(SYSTEM):
            promise.refresh_from_db()
            opt_out.refresh_from_db()
            assert CaseEvent.objects.filter(kind="contact", way="agency").count() == 1
        assert (promise.withdrawn_on, opt_out.ended_on) == (clock.today(house.company),) * 2
        assert ("已读入 1 行" in told, "第 3 行" in told) == (True, True)

    def test_the_letter_is_a_pdf_and_the_evidence_a_zip(self, house: House):
        case = worked(house)
        browser = house.client(Role.CREDIT_MANAGER)
        with scope.entered(SYSTEM):
            letter = Letter.objects.first()

        paper = browser.get(f"/letters/{letter.pk}.pdf")
        archive = browser.get(f"/collections/cases/{case.pk}/evidence.zip")

        assert paper.content.startswith(b"%PDF")
        assert archive.content.startswith(b"PK")
