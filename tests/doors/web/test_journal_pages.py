"""Changing many lines on the page: previewed, sent, decided in the inbox, undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.approvals.models import ApprovalRequest
from tradecredit.apps.limits.models import CreditLine, LimitJournal
from tradecredit.doors.web.views import journals
from tradecredit.plumbing.access import Actor, Role, scope

if TYPE_CHECKING:
    from doors.web.conftest import House

_SYSTEM = Actor.system("test")
_PATH = "/limits/journals"


def _latest() -> dict[str, str]:
    with scope.entered(_SYSTEM):
        rows = CreditLine.objects.order_by("valid_from").values_list("customer__code", "limit_amount")
        return {code: str(amount) for code, amount in rows}


class TestJournals:
    def test_a_preview_changes_nothing_and_tells_the_sums(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).post(
            _PATH, {"mode": "preview", "rows": "客户编码,额度\nC001,20万\nC002,-20%"}
        )

        text = page.content.decode()
        assert "400,000.00" in text
        assert "440,000.00" in text
        assert _latest() == {"C001": "100000.0000", "C002": "300000.0000"}

    def test_a_second_person_approves_in_the_inbox(self, house: House):
        house.client(Role.CREDIT_MANAGER).post(
            _PATH, {"mode": "send", "rows": "C001,20万\nC002,-20%", "title": "三月", "reason": "复核"}
        )
        with scope.entered(_SYSTEM):
            asked = ApprovalRequest.objects.get(kind="limit_journal")
        director = house.client(Role.RISK_DIRECTOR)

        inbox = director.get("/tasks")
        director.post(f"/tasks/{asked.pk}/decide", {"answer": "approve"})

        assert "批准批量额度调整" in inbox.content.decode()
        assert _latest() == {"C001": "200000.0000", "C002": "240000.0000"}

    def test_a_segment_of_the_customers_list_is_simulated_then_approved_as_a_whole(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        segment = writer.get("/customers?region=西南").content.decode()
        page = writer.get(_PATH, {"region": "西南", "change": "-10%"}).content.decode()

        assert 'data-test="segment"' in segment
        assert "C002,-10%" in page
        assert "C001,-10%" not in page
        assert "270,000.00" in page
        assert 'value="西南 · -10%"' in page
        assert _latest()["C002"] == "300000.0000"
        writer.post(
            _PATH, {"mode": "send", "rows": "C002,-10%", "title": "西南 · -10%", "reason": "行业下行"}
        )
        with scope.entered(_SYSTEM):
            assert ApprovalRequest.objects.filter(kind="limit_journal").count() == 1

    def test_a_segment_without_lines_too_large_or_with_no_change_says_so(self, house: House, monkeypatch):
        writer = house.client(Role.CREDIT_MANAGER)
        assert (
            'data-test="refusal"' in writer.get(_PATH, {"region": "海外", "change": "-10%"}).content.decode()
        )
        assert (
            'data-test="refusal"' in writer.get(_PATH, {"region": "西南", "change": "much"}).content.decode()
        )

        monkeypatch.setattr(journals, "_SEGMENT_MOST", 1)
        page = writer.get(_PATH, {"change": "-10%"}).content.decode()
        assert "超过 1 户" in page
        assert 'data-test="preview-table"' not in page

    def test_who_may_not_propose_sees_no_way_to(self, house: House):
        auditor = house.client(Role.AUDITOR)
        assert 'data-test="segment"' not in auditor.get("/customers").content.decode()
        assert (
            'data-test="refusal"' in auditor.get(_PATH, {"region": "西南", "change": "-10%"}).content.decode()
        )

    def test_asks_for_the_counter_journal(self, house: House):
        self.test_a_second_person_approves_in_the_inbox(house)
        with scope.entered(_SYSTEM):
            journal = LimitJournal.objects.get()

        house.client(Role.CREDIT_MANAGER).post(f"{_PATH}/{journal.pk}/undo", {"reason": "误操作"})

        with scope.entered(_SYSTEM):
            assert LimitJournal.objects.filter(undoes_id=journal.pk, status="open").count() == 1

    def test_an_unreadable_row_is_named(self, house: House):
        page = house.client(Role.CREDIT_MANAGER).post(_PATH, {"mode": "preview", "rows": "C001,20万\nC404,1"})

        assert "第 2 行" in page.content.decode()
