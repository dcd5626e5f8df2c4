from __future__ import annotations

import pytest

from factories.credit_facts import asking, authority_of, credit_facts, item, order_control, receivables
from tradecredit.core.approvals import routing
from tradecredit.core.decisions import evaluate, explain, wording
from tradecredit.core.exposure import components

FACTS = credit_facts(
    receivables=receivables(item("INV-1042", "82000.00", days=12), item("INV-1050", "318000.00", days=-20))
)
DECISION = routing.decide(facts=FACTS, policy=order_control(), authority=authority_of())


class TestExplain:
    def test_tells_why_and_what_now_in_both_languages(self):
        told = explain.explain(decision=DECISION, facts=FACTS)

        assert told["headline"]["zh"] == "示例五金甲有限公司 SO-2001 ¥120,000.00：拦截"
        assert told["headline"]["en"] == "示例五金甲有限公司 SO-2001 ¥120,000.00: On hold"
        headroom = next(check for check in told["checks"] if check["code"] == "headroom")
        assert headroom["words"]["zh"] == "本单 ¥120,000.00 超出可用额度 ¥84,000.00，差 ¥36,000.00。"
        assert told["remedies"][0]["words"] == {
            "zh": "先收 INV-1042 ¥82,000.00即放行",
            "en": "Receive INV-1042, ¥82,000.00: that releases it",
        }
        assert [decider["role"] for decider in told["deciders"]] == ["credit_manager", "risk_director"]

    def test_shows_an_equation_whose_terms_sum_to_what_is_available(self):
        equation = explain.explain(decision=DECISION, facts=FACTS)["equation"]

        assert equation["adds_up"]
        assert [term["text"] for term in equation["terms"] if term["code"] == "billed"] == ["-¥400,000.00"]
        assert equation["available"]["words"]["zh"] == "¥84,000.00"
        assert equation["after"]["words"]["en"] == "-¥36,000.00"
        assert equation["note"] is None

    def test_says_what_was_counted_already(self):
        facts = credit_facts(
            exposure=components.of({"billed": "400000.00", "reserved": "120000.00"}, "CNY"),
            own=components.of({"reserved": "120000.00"}, "CNY"),
        )
        decision = evaluate.evaluate(facts=facts, policy=order_control())

        note = explain.explain(decision=decision, facts=facts)["equation"]["note"]

        assert note["zh"] == "本单此前已占用 ¥120,000.00，未重复计算。"

    def test_says_why_a_check_does_not_apply(self):
        told = explain.explain(decision=DECISION, facts=FACTS)

        refused = next(check for check in told["checks"] if check["code"] == "grade_refused")
        assert not refused["applies"]
        assert refused["words"]["en"] == "This check is for grade D only; the customer has grade B."


class TestReasons:
    def test_puts_the_worst_first_with_its_figures(self):
        reasons = explain.reasons(decision=DECISION, facts=FACTS)

        assert [reason.code for reason in reasons] == [
            "headroom",
            "overdue_days",
            "utilisation",
            "order_share_of_available",
        ]
        assert reasons[0].facts == {
            "ours": "120000.00",
            "limit": "84000.00",
            "gap": "36000.00",
            "unit": "money",
        }

    def test_has_none_for_an_approval(self):
        facts = asking(credit_facts(), "30000.00")
        decision = evaluate.evaluate(facts=facts, policy=order_control())

        assert explain.reasons(decision=decision, facts=facts) == ()


class TestFigures:
    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [
            ("82000", "CNY", "¥82,000.00"),
            ("-36000.5", "CNY", "-¥36,000.50"),
            ("1234567", "JPY", "JP¥1,234,567"),
            ("12.5", "CHF", "CHF 12.50"),
        ],
    )
    def test_writes_amounts_as_people_read_them(self, amount, currency, text):
        assert wording.amount_text(amount, currency) == text

    def test_writes_shares_as_percentages(self):
        assert wording.share_text("0.90") == "90 %"
        assert wording.share_text("0.3750") == "37.5 %"
