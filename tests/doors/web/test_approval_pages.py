"""Pages of approvals beside the cards: many at once, links, applications, forms in drafts, insight; in both languages."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from factories import flows
from factories.limits import cny
from tradecredit.apps.approvals.models import ApprovalRequest, FlowStep, Vote
from tradecredit.apps.decisions import drafts
from tradecredit.flows.approvals import tell_deciders
from tradecredit.flows.limits import propose_limit
from tradecredit.flows.policy import draft_policy
from tradecredit.flows.watch import dispatch_outbox
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, Role, scope
from tradecredit.plumbing.access.models import User

if TYPE_CHECKING:
    from doors.web.conftest import House

SYSTEM = Actor.system("test")
TWO = flows.chain(look=flows.person(roles="credit_manager", slaDays="2"), decide=flows.person(who="rule"))
CHINESE = re.compile(r"[一-鿿]")


def ask(house: House, code: str, amount: str = "150000") -> None:
    from tradecredit.apps.dossier.models import Customer

    with scope.entered(SYSTEM):
        customer = Customer.objects.get(code=code)
    propose_limit.propose_limit(
        company=house.company,
        customer_id=customer.pk,
        actor=house.people[Role.SALES_MANAGER],
        asked=cny(amount),
        reason="peak season",
    )


@pytest.fixture
def asked(house: House) -> list[ApprovalRequest]:
    flows.in_force(house.company, credit_limit=TWO)
    for code in ("C001", "C002"):
        ask(house, code)
    with scope.entered(SYSTEM):
        return list(ApprovalRequest.objects.filter(kind="credit_limit"))


def token_of(house: House) -> str:
    class Post:
        bodies: list[str] = []

        def send(self, **said: str) -> None:
            self.bodies.append(said["body"])

    with clock.on(house.company, date(2026, 3, 2), hour=12):
        tell_deciders.tell_deciders(company=house.company, actor=SYSTEM, public_url="https://credit.example")
        post = Post()
        dispatch_outbox.dispatch_outbox(company=house.company, mailer=post, actor=SYSTEM)
    return next(found[1] for body in post.bodies if (found := re.search(r"/d/(\w+)", body)))


class TestDecideMany:
    def test_ticked_cards_are_decided_together(self, house: House, asked):
        browser = house.client(Role.CREDIT_MANAGER)
        text = browser.get("/tasks").content.decode()
        assert text.count('data-test="choose"') >= 2
        answer = browser.post(
            "/tasks/decide", {"answer": "approve", "request": [str(one.pk) for one in asked]}, follow=True
        )
        assert "已处理 2 / 2 项" in answer.content.decode()
        with scope.entered(SYSTEM):
            assert set(FlowStep.objects.filter(node_id="look").values_list("status", flat=True)) == {
                "approved"
            }

    def test_refusals_are_said(self, house: House, asked):
        answer = house.client(Role.SALES_DIRECTOR, language="en").post(
            "/tasks/decide", {"answer": "approve", "request": [str(asked[0].pk)]}, follow=True
        )
        assert "0 of 1 decided" in answer.content.decode()
        with scope.entered(SYSTEM):
            assert Vote.objects.count() == 0


class TestDecisionLink:
    def test_shows_the_facts_and_takes_one_answer_in_two_taps(self, house: House, asked):
        token = token_of(house)
        browser = house.client(Role.CREDIT_MANAGER)
        page = browser.get(f"/d/{token}")
        assert page.headers["Referrer-Policy"] == "no-referrer"
        assert "150,000.00" in page.content.decode()
        done = browser.post(f"/d/{token}", {"answer": "approve"})
        assert (done.status_code, done.headers["Location"]) == (302, "/d/done")
        again = browser.post(f"/d/{token}", {"answer": "approve"})
        assert (again.status_code, "已经用过" in again.content.decode()) == (403, True)
        with scope.entered(SYSTEM):
            assert Vote.objects.count() == 1

    def test_sends_strangers_to_sign_in_and_refuses_others(self, house: House, asked, client):
        token = token_of(house)
        assert client.get(f"/d/{token}").headers["Location"].startswith("/")
        answer = house.client(Role.CFO).get(f"/d/{token}")
        assert (answer.status_code, "转发无效" in answer.content.decode()) == (403, True)
        assert house.client(Role.CREDIT_MANAGER).get("/d/" + "0" * 64).status_code == 403

    def test_a_large_amount_wants_the_password(self, house: House):
        flows.in_force(house.company, credit_limit=TWO)
        ask(house, "C001", "900000")
        token = token_of(house)
        member = User.objects.get(pk=house.people[Role.CREDIT_MANAGER].user_id)
        member.set_password("right and long")
        member.save()
        browser = house.client(Role.CREDIT_MANAGER)
        refused = browser.post(f"/d/{token}", {"answer": "approve", "password": "wrong"})
        assert (refused.status_code, 'data-test="password"' in refused.content.decode()) == (422, True)
        assert (
            browser.post(f"/d/{token}", {"answer": "approve", "password": "right and long"}).status_code
            == 302
        )

    def test_guessing_the_password_locks_as_signing_in_does(self, house: House, settings):
        flows.in_force(house.company, credit_limit=TWO)
        ask(house, "C001", "900000")
        token = token_of(house)
        member = User.objects.get(pk=house.people[Role.CREDIT_MANAGER].user_id)
        member.set_password("right and long")
        member.save()
        browser = house.client(Role.CREDIT_MANAGER)
        for _ in range(settings.AXES_FAILURE_LIMIT):
            browser.post(f"/d/{token}", {"answer": "approve", "password": "wrong"})

        late = browser.post(f"/d/{token}", {"answer": "approve", "password": "right and long"})

        assert late.status_code != 302
        with scope.entered(SYSTEM):
            assert Vote.objects.count() == 0


class TestApplications:
    def test_is_asked_with_its_form_followed_and_completed(self, house: House):
        sales = house.client(Role.SALES_MANAGER)
        assert "客户准入" in sales.get("/applications").content.decode()
        form = sales.get("/applications?kind=payment_terms&customer=C001").content.decode()
        assert 'name="f_days_asked"' in form
        said = {"kind": "payment_terms", "customer": "C001", "reason": "旺季", "f_days_asked": "60"}
        made = sales.post("/applications", said)
        assert made.status_code == 302
        mine = sales.get("/tasks?box=mine").content.decode()
        assert "待补充" in mine
        with scope.entered(SYSTEM):
            request = ApprovalRequest.objects.get(kind="payment_terms")
        sales.post(f"/tasks/{request.pk}/form", {"f_days_asked": "60", "f_from_day": "2026-04-01"})
        house.client(Role.CREDIT_MANAGER).post(f"/tasks/{request.pk}/decide", {"answer": "approve"})
        with scope.entered(SYSTEM):
            assert ApprovalRequest.objects.get(pk=request.pk).status == "approved"

    def test_says_what_is_wrong_and_keeps_what_was_typed(self, house: House):
        said = {"kind": "payment_terms", "customer": "C001", "reason": "x", "f_days_asked": "999"}
        text = house.client(Role.SALES_MANAGER).post("/applications", said).content.decode()
        assert 'data-test="problem"' in text
        assert 'value="999"' in text


class TestFlowForm:
    def test_a_field_is_added_in_a_draft(self, house: House):
        writer = house.client(Role.CREDIT_MANAGER)
        draft = draft_policy.start_draft(
            company=house.company, title="表单", reason="加字段", valid_from=date(2026, 3, 3),
            actor=house.people[Role.CREDIT_MANAGER],
        )  # fmt: skip
        address = f"/flows/exception/form?draft={draft.id}"
        assert 'data-test="form-lines"' in writer.get(address).content.decode()
        said = {"version": draft.version, "key_1": "who_knows", "zh_1": "知情人", "type_1": "textfield"}
        writer.post(address, said)
        with db.unit_of_work(SYSTEM):
            form = drafts.by_id(draft.id).document["forms"]["exception"]
        assert [one["key"] for one in form["components"]] == ["who_knows"]
        assert "知情人" in writer.get(address).content.decode()


class TestInEnglish:
    @pytest.mark.parametrize(
        "path", ["/tasks/insight", "/applications?kind=legal_action", "/flows/exception/form", "/flows"]
    )
    def test_no_chinese_is_left_of_ours(self, house: House, asked, path):
        text = house.client(Role.CREDIT_MANAGER, language="en").get(path).content.decode()
        main = text[text.index('id="content"') :]
        ours = re.sub(r"中文|示例\S*", "", main)
        assert CHINESE.findall(ours) == []


class TestInsight:
    def test_shows_where_requests_wait(self, house: House, asked):
        text = house.client(Role.CFO).get("/tasks/insight?days=365").content.decode()
        assert "现在停在哪里" in text
        assert text.count("look") >= 2
