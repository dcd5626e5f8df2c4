from __future__ import annotations

import pytest

from doors.api.test_watch_api import DAY, SYSTEM, Caller, books  # noqa: F401 - books is a fixture
from factories import policies
from tradecredit.flows.watch import close_day
from tradecredit.plumbing.access import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(client, company, books):  # noqa: F811 - the fixture of the neighbour
    close_day.close_day(company=company, as_of=DAY, actor=SYSTEM)
    return Caller(client, company, Role.CREDIT_MANAGER)


class TestCollectionsApi:
    def test_what_the_pages_can_do_the_api_can_do(self, caller):
        first = caller.get("/collections/worklist").json()["items"][0]
        case = first["case"]
        contact = {"way": "call", "outcome": "not_reached"}

        answers = [
            caller.post(f"/collections/cases/{case}/contacts", contact, key="a").status_code,
            caller.post(f"/collections/cases/{case}/contacts", {"way": "call", "outcome": "sings"}, key="b").status_code,
            caller.post(f"/collections/cases/{case}/hand-over", {"channel": "legal", "receiver": "示例律所"}, key="c").status_code,
            caller.post("/collections/plans", {"customer": first["customer"], "code": "stop_loss"}, key="d").status_code,
            caller.post("/collections/opt-outs", {"customer": first["customer"], "reason": "内部单位"}, key="e").status_code,
        ]  # fmt: skip

        assert answers == [201, 422, 200, 201, 201]
        found = caller.get(f"/collections/cases/{case}").json()
        assert (found["channel"], found["events"][0]["kind"], found["plans"][0]["code"]) == (
            "legal", "handover", "stop_loss",
        )  # fmt: skip
        assert {one["number"] for one in caller.get("/collections/cases").json()["items"]} >= {
            found["number"]
        }
        assert caller.get("/collections/preview").status_code == 200
        assert caller.get("/collections/agency").content.startswith(b"\xef\xbb\xbf")
        assert caller.get(f"/collections/cases/{case}/evidence").content[:2] == b"PK"

    def test_trials_of_strategies_are_told(self, caller, company):
        document = policies.shipped()
        changes = {"stages": {"stage-1": {"pay_within_workdays": 3}}}
        trial = {
            "code": "three", "label": {"zh": "三天", "en": "Three days"}, "share": 50,
            "from_date": "2026-02-01", "to_date": "2026-04-30", "changes": changes,
        }  # fmt: skip
        section = {**document["dunning"], "trials": [trial]}
        policies.published(company, document={**document, "dunning": section}, valid_from=DAY)

        (found,) = caller.get("/collections/trials?as_of=2026-04-01").json()["items"]

        assert (found["code"], found["state"], found["paid_within_days"]) == ("three", "running", 30)
        assert [one["code"] for one in found["measures"]] == ["paid", "cash", "days"]
        assert found["differs"] == [
            {
                "zh": "第一阶段 友情提醒：限几个工作日付清：5 → 3",
                "en": "Stage 1: friendly reminder: workdays to pay: 5 → 3",
            }
        ]

    def test_a_promise_is_withdrawn_and_an_opt_out_ended_once(self, caller):
        who = caller.get("/collections/worklist").json()["items"][0]["customer"]
        promised = {"customer": who, "amount": "1.00", "promised_date": "2026-03-20"}
        promise = caller.post("/collections/promises", promised, key="p").json()["id"]
        kept_back = {"customer": who, "reason": "内部单位"}
        opt_out = caller.post("/collections/opt-outs", kept_back, key="o").json()["id"]
        withdraw, end = f"/collections/promises/{promise}/withdraw", f"/collections/opt-outs/{opt_out}/end"

        answers = [
            caller.post(withdraw, {"because": "客户反悔"}, key="w").status_code,
            caller.post(withdraw, {"because": "客户反悔"}, key="w2").status_code,
            caller.post(end, {}, key="e").status_code,
            caller.post(end, {}, key="e2").status_code,
        ]

        assert answers == [200, 409, 200, 409]

    def test_sales_may_log_and_not_hand_over(self, caller, client, company):
        sales = Caller(client, company, Role.SALES)
        case = caller.get("/collections/worklist").json()["items"][0]["case"]

        answer = sales.post(
            f"/collections/cases/{case}/hand-over", {"channel": "legal", "receiver": "x"}, key="z"
        )

        assert answer.status_code == 403
        assert caller.get(f"/collections/cases/{case}").json()["channel"] == "internal"
