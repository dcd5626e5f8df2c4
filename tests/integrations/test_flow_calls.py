import json

import httpx
import pytest

from tradecredit.integrations.flow_calls import RegisteredCalls
from tradecredit.integrations.guarded_http import GuardedClient


@pytest.fixture
def calls(monkeypatch):
    monkeypatch.setenv("TRADECREDIT_FLOW_CALL_ERP_SCORE_URL", "https://erp.example/score")
    monkeypatch.setenv("TRADECREDIT_FLOW_CALL_ERP_SCORE_TOKEN", "t0k3n")

    def answered(answer):
        return RegisteredCalls(client=GuardedClient(transport=httpx.MockTransport(answer)))

    return answered


class TestRegisteredCalls:
    def test_sends_the_facts_and_returns_the_object(self, calls):
        seen = []

        def answer(request):
            seen.append((str(request.url), request.headers["Authorization"], json.loads(request.content)))
            return httpx.Response(200, json={"score": 71})

        assert calls(answer).ask("erp_score", {"amount": "10.00"}) == {"score": 71}
        assert seen == [("https://erp.example/score", "Bearer t0k3n", {"amount": "10.00"})]

    def test_knows_only_what_is_registered(self, calls):
        ours = calls(lambda _: httpx.Response(200, json={}))
        assert ours.names() == ("erp_score",)
        assert ours.ask("another", {}) is None

    @pytest.mark.parametrize(
        "answer",
        [
            lambda _: httpx.Response(500),
            lambda _: httpx.Response(302, headers={"Location": "https://elsewhere.example"}),
            lambda _: httpx.Response(200, text="no json"),
            lambda _: httpx.Response(200, json=[1]),
        ],
        ids=["error", "elsewhere", "text", "list"],
    )
    def test_says_nothing_where_there_is_no_honest_answer(self, calls, answer):
        assert calls(answer).ask("erp_score", {}) is None

    def test_says_nothing_where_nobody_answers_in_time(self, calls):
        def late(request):
            raise httpx.ReadTimeout("late", request=request)

        assert calls(late).ask("erp_score", {}) is None
