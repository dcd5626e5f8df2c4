"""What the buttons do: once, by those who may, with words when it cannot be done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.test import Client

from factories import companies
from tradecredit.apps.orders.models import Order
from tradecredit.plumbing.access import Actor, Role, demo_links, scope
from tradecredit.plumbing.access.models import Company, User

if TYPE_CHECKING:
    from doors.web.conftest import House

_SYSTEM = Actor.system("test")


def _orders() -> dict[str, str]:
    with scope.entered(_SYSTEM):
        return dict(Order.objects.values_list("reference", "status"))


def _check(browser: Client, **fields: str):
    values = {"customer": "C002", "amount": "1000", "currency": "CNY", "reference": "SO-9", "terms_days": ""}
    return browser.post("/orders/check", {**values, "mode": "commit", **fields})


class TestOrderCheck:
    def test_leads_to_a_verdict_that_explains_itself(self, house: House):
        browser = house.client(Role.SALES_DIRECTOR)

        response = _check(browser, customer="C001", amount="12万", reference="SO-7")

        page = browser.get(response.headers["Location"]).content.decode()
        assert 'data-outcome="hold"' in page or 'data-outcome="reject"' in page
        assert 'data-test="equation"' in page
        assert "82,000.00" in page
        assert _orders()["SO-7"] in {"held", "rejected"}

    def test_twice_with_one_key_is_one_order_and_one_verdict(self, house: House):
        browser = house.client(Role.SALES_DIRECTOR)

        first = _check(browser, idempotency_key="6f9d2a8a-0000-4000-8000-000000000001")
        second = _check(browser, idempotency_key="6f9d2a8a-0000-4000-8000-000000000001")

        assert first.headers["Location"] == second.headers["Location"]

    def test_a_trial_keeps_nothing(self, house: House):
        _check(house.client(Role.SALES_DIRECTOR), mode="trial", reference="SO-TRY")

        assert "SO-TRY" not in _orders()

    def test_an_auditor_may_not_check(self, house: House):
        response = _check(house.client(Role.AUDITOR), reference="SO-AUD")

        assert response.status_code == 200
        assert "您的角色不能执行此操作" in response.content.decode()
        assert "SO-AUD" not in _orders()

    def test_says_what_is_wrong_with_an_amount(self, house: House):
        page = _check(house.client(Role.SALES_DIRECTOR), amount="很多").content.decode()

        assert "请填写大于 0 的金额" in page


class TestDecide:
    def test_the_deciders_release_the_order_from_their_inbox(self, house: House):
        for role in (Role.RISK_DIRECTOR, Role.CFO):
            browser = house.client(role)
            page = browser.get("/tasks").content.decode()
            action = page.split('<form class="row" method="post" action="')[1].split('"')[0]
            browser.post(action, {"answer": "approve", "idempotency_key": f"key-{role.value}"})

        assert _orders()["SO-1"] == "released"
        assert 'data-test="approve"' not in house.client(Role.CFO).get("/tasks").content.decode()

    def test_rejecting_without_a_reason_is_refused_in_words(self, house: House):
        browser = house.client(Role.RISK_DIRECTOR)
        page = browser.get("/tasks").content.decode()
        action = page.split('<form class="row" method="post" action="')[1].split('"')[0]

        answer = browser.post(action, {"answer": "reject", "reason": ""}, follow=True).content.decode()

        assert "理由" in answer
        assert _orders()["SO-1"] == "held"


class TestDemoEntrance:
    def test_lets_a_demo_user_in_and_nobody_else(self, house: House):
        guest = companies.user("guest@demo.example.com")
        User.objects.filter(pk=guest.pk).update(is_demo=True)
        real = User.objects.get(pk=house.people[Role.CFO].user_id)

        assert Client().get(f"/demo/enter/{demo_links.token_for(guest)}").status_code == 302
        assert Client().get(f"/demo/enter/{demo_links.token_for(real)}").status_code == 404
        assert Client().get("/demo/enter/forged").status_code == 404


class TestImportPage:
    def test_tries_first_and_then_imports_the_same_file(self, house: House, settings, tmp_path):
        from django.core.files.uploadedfile import SimpleUploadedFile

        settings.DATA_DIR = tmp_path
        browser = house.client(Role.CREDIT_MANAGER)
        sheet = SimpleUploadedFile("客户.csv", "客户编码,客户名称\nN1,示例新客户\n".encode("gb18030"))

        tried = browser.post(
            "/import", {"kind": "customers", "step": "check", "file": sheet}
        ).content.decode()

        assert "尚未导入" in tried
        assert browser.get("/customers/N1").status_code == 404
        token = tried.split('name="token" value="')[1].split('"')[0]
        browser.post("/import", {"kind": "customers", "step": "import", "token": token})
        assert browser.get("/customers/N1").status_code == 200


class TestEraseDemo:
    def test_asks_for_the_typed_phrase(self, house: House):
        answer = house.client(Role.ADMIN).post("/settings/erase-demo", {"confirmation": "x"}, follow=True)

        assert "清除演示数据" in answer.content.decode()


class TestAdvanceClock:
    def test_one_key_plays_the_days_once(self, house: House):
        browser = house.client(Role.FINANCE_MANAGER)
        form = {"days": "1", "idempotency_key": "6f9d2a8a-0000-4000-8000-000000000009"}

        browser.post("/clock/advance", form)
        browser.post("/clock/advance", form)

        assert Company.objects.get(pk=house.company.pk).sandbox_day == date(2026, 3, 3)

    def test_an_auditor_may_not(self, house: House):
        answer = house.client(Role.AUDITOR).post("/clock/advance", {"days": "1"})

        assert answer.status_code == 403
        assert Company.objects.get(pk=house.company.pk).sandbox_day == date(2026, 3, 2)


class TestSignIn:
    def test_door_speaks_both_languages(self, db):
        browser = Client()

        assert "使用管理员为您开通的邮箱和密码" in browser.get("/accounts/login/").content.decode()
        browser.cookies["django_language"] = "en"
        assert "your administrator gave you" in browser.get("/accounts/login/").content.decode()

    def test_own_account_pages_open(self, house: House):
        browser = house.client(Role.CFO)
        pages = ("/accounts/password/change/", "/accounts/2fa/")

        answers = [browser.get(path, follow=True).status_code for path in pages]

        assert answers == [200, 200]

    def test_nobody_signs_up(self, db):
        assert b'name="password1"' not in Client().get("/accounts/signup/").content


class TestSwitchCompany:
    def test_shows_the_other_company_and_never_a_foreign_one(self, house: House):
        companies.company("OTHER", "示例别家")
        browser = house.client(Role.CFO)

        browser.post("/company", {"company": "OTHER", "next": "/customers"})

        assert "示例别家" not in browser.get("/").content.decode()

    def test_goes_back_only_to_pages_of_ours(self, house: House):
        answer = house.client(Role.CFO).post("/company", {"company": "DEMO", "next": "https://example.com/"})

        assert answer.headers["Location"] == "/"
