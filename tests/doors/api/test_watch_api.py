from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from factories import companies, customers, policies, receivables
from tradecredit.apps.monitoring.models import Alert
from tradecredit.flows.watch import close_day
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, Role, scope, tokens
from tradecredit.plumbing.access.models import User

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)


class Caller:
    """Somebody with a token."""

    def __init__(self, client, company, role, **scope):
        actor = companies.person(company, role, **scope)
        self.token = tokens.create(user=User.objects.get(pk=actor.user_id), moment=clock.now(), days=1)
        self.client = client

    def get(self, path, **query):
        return self.client.get(f"/api/v1{path}", query, headers=self._headers())

    def post(self, path, body, key="k1"):
        return self.client.post(
            f"/api/v1{path}",
            json.dumps(body),
            content_type="application/json",
            headers=self._headers() | {"Idempotency-Key": key},
        )

    def _headers(self):
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"}


@pytest.fixture
def books(company):
    policies.published(company)
    customers.customer(company, "C001", email="a@example.com", salesperson="王示例")
    customers.customer(company, "C002", "示例五金乙有限公司", email="b@example.com", salesperson="李示例")
    for code, days in (("C001", 9), ("C002", 30)):
        receivables.invoices(
            company,
            receivables.invoice_row(
                f"INV-{code}", "82000.00", customer_code=code, due_date=DAY - timedelta(days=days)
            ),
        )
    close_day.close_day(company=company, as_of=DAY, actor=SYSTEM)
    return company


@pytest.fixture
def manager(client, books):
    return Caller(client, books, Role.CREDIT_MANAGER)


class TestLetters:
    def test_lists_every_letter_with_its_frozen_lines(self, manager):
        answer = manager.get("/collections/letters").json()

        assert answer["next_cursor"] is None
        assert {(one["customer"], one["stage"], one["kind"], one["status"]) for one in answer["items"]} == {
            ("C001", "stage-2", "letter", "pending"),
            ("C002", "stage-2", "letter", "pending"),
        }
        first = next(one for one in answer["items"] if one["customer"] == "C001")
        assert first["items"] == [
            {"invoice": "INV-C001", "amount": "82000.00", "due_date": "2026-02-21", "days_overdue": 9}
        ]
        assert (first["total"], first["currency"], first["language"], first["sent_at"]) == (
            "82000.00", "CNY", "zh", None,
        )  # fmt: skip

    def test_pages_by_cursor(self, manager):
        first = manager.get("/collections/letters", limit=1).json()
        second = manager.get("/collections/letters", limit=1, cursor=first["next_cursor"]).json()

        assert len(first["items"]) == len(second["items"]) == 1
        assert first["items"][0]["id"] > second["items"][0]["id"]
        assert second["next_cursor"] is None

    def test_shows_the_text_of_one(self, manager):
        (one,) = manager.get("/collections/letters", customer="C001").json()["items"]

        assert "人民币捌万贰仟元整" in manager.get(f"/collections/letters/{one['id']}").json()["body"]

    def test_shows_a_salesperson_the_own_customers_only(self, client, books):
        seller = Caller(client, books, Role.SALES, row_kind="own", row_value="王示例")

        assert [one["customer"] for one in seller.get("/collections/letters").json()["items"]] == ["C001"]
        assert seller.get("/collections/letters", customer="C002").status_code == 404

    def test_hides_another_companys_letters(self, client, books):
        other = companies.company("OTHER", "示例贸易有限公司")
        stranger = Caller(client, other, Role.CREDIT_MANAGER)

        assert stranger.get("/collections/letters").json()["items"] == []
        assert stranger.get("/collections/letters", company=books.code).status_code == 404


class TestAlerts:
    def test_closes_an_alert_with_its_response_once_a_key(self, manager):
        (alert,) = manager.get("/alerts").json()["items"]
        assert (alert["rule"], alert["level"], alert["facts"]) == (
            "overdue-30", "yellow", {"overdue_days_max": "30"},
        )  # fmt: skip

        closed = manager.post(f"/alerts/{alert['id']}/close", {"response": "collected in full"})
        again = manager.post(f"/alerts/{alert['id']}/close", {"response": "collected in full"})

        assert (closed.status_code, closed.json()["response"]) == (200, "collected in full")
        assert again.json() == closed.json()
        assert manager.get("/alerts").json()["items"] == []
        assert len(manager.get("/alerts", status="closed").json()["items"]) == 1

    def test_refuses_roles_that_only_look(self, client, books, manager):
        (alert,) = manager.get("/alerts").json()["items"]
        auditor = Caller(client, books, Role.AUDITOR)

        refused = auditor.post(f"/alerts/{alert['id']}/close", {"response": "no"})

        assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")
        assert len(manager.get("/alerts").json()["items"]) == 1

    def test_answers_404_for_a_foreign_alert(self, client, books, manager):
        (alert,) = manager.get("/alerts").json()["items"]
        stranger = Caller(client, companies.company("OTHER", "示例贸易"), Role.CREDIT_MANAGER)

        assert stranger.post(f"/alerts/{alert['id']}/close", {"response": "x"}).status_code == 404


class TestPromises:
    def test_records_a_promise(self, manager):
        body = {"customer": "C001", "amount": "82000.00", "promised_date": "2026-03-09"}

        answer = manager.post("/collections/promises", body)

        assert answer.status_code == 201

    @pytest.mark.parametrize(
        "change", [{"promised_date": "2026-03-01"}, {"amount": "0"}, {"amount": "1.234"}]
    )
    def test_refuses_nonsense(self, manager, change):
        body = {"customer": "C001", "amount": "82000.00", "promised_date": "2026-03-09", **change}

        answer = manager.post("/collections/promises", body)

        assert (answer.status_code, answer.json()["code"]) == (422, "promise_refused")


class TestTasks:
    def test_lists_and_completes_the_tasks_of_my_role(self, client, books):
        boss = Caller(client, books, Role.SALES_MANAGER)
        found = boss.get("/tasks").json()["items"]
        assert [task["kind"] for task in found] == ["dunning.stage-2", "dunning.stage-2"]

        done = boss.post(f"/tasks/{found[0]['id']}/complete", {"outcome": "will pay on Friday"})

        assert (done.status_code, done.json()["outcome"]) == (200, "will pay on Friday")
        assert len(boss.get("/tasks").json()["items"]) == 1

    def test_refuses_a_task_of_another_role(self, client, books):
        boss = Caller(client, books, Role.SALES_MANAGER)
        lawyer = Caller(client, books, Role.LEGAL)
        task = boss.get("/tasks").json()["items"][0]

        refused = lawyer.post(f"/tasks/{task['id']}/complete", {"outcome": "x"})

        assert (refused.status_code, refused.json()["code"]) == (409, "task_not_completed")
        assert len(boss.get("/tasks").json()["items"]) == 2


class TestEarlyWarning:
    def test_one_alert_says_why_and_what_was_done(self, manager):
        (alert,) = manager.get("/alerts", customer="C002").json()["items"]
        manager.post(f"/alerts/{alert['id']}/see", {}, key="s1")
        manager.post(f"/alerts/{alert['id']}/notes", {"text": "called the boss"}, key="n1")

        found = manager.get(f"/alerts/{alert['id']}").json()

        assert found["why"]["en"] == "days overdue of the oldest item 30"
        assert [act["kind"] for act in found["acts"]] == ["seen", "note"]
        assert found["first_response_at"] is not None

    def test_a_rule_is_silenced_and_the_bench_says_so(self, manager):
        until = (clock.now() + timedelta(days=30)).date().isoformat()

        answer = manager.post("/alerts/rules/overdue-30/mute", {"until": until, "reason": "noise"}, key="m1")

        bench = manager.get("/alerts/rules").json()
        silent = [one["rule"] for one in bench["items"] if one["silent_until"]]
        assert (answer.status_code, silent) == (200, ["overdue-30"])
        assert {one["threshold"] for one in bench["thresholds"]} >= {1, 30}

    def test_the_bench_calls_a_step_of_dunning_by_its_name(self, manager, books):
        with scope.entered(SYSTEM):
            Alert.objects.filter(rule="overdue-30").update(rule="dunning.stage-3")

        labels = {one["rule"]: one["label"] for one in manager.get("/alerts/rules").json()["items"]}

        assert labels["dunning.stage-3"]["en"] == "Stage 3: final demand"
        assert None not in labels.values()

    def test_plans_are_listed_with_their_steps(self, manager):
        (plan,) = manager.get("/alerts/plans").json()["items"]

        assert (plan["code"], [step["code"] for step in plan["steps"]]) == (
            "stop-loss",
            ["rate", "goods", "insurer", "sue"],
        )

    def test_a_salesperson_answers_no_alert(self, client, books):
        seller = Caller(client, books, Role.SALES, row_kind="own", row_value="王示例")

        answer = seller.post("/alerts/00000000-0000-7000-8000-000000000000/see", {})

        assert answer.status_code in {403, 404, 409}
