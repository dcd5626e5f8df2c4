from __future__ import annotations

import pytest

from tradecredit.core.monitoring import supplied, why


class TestSentence:
    @pytest.mark.parametrize(
        ("facts", "zh", "en"),
        [
            ({"overdue_days_max": "95"}, "最长逾期天数 95", "days overdue of the oldest item 95"),
            ({"equity_pledge_ratio": "0.62"}, "股权质押比例 62%", "equity pledge ratio 62%"),
            ({"dishonest_debtor": "yes"}, "失信被执行人 是", "dishonest debtor yes"),
            ({"group_alert_level": "3"}, "集团其他成员的预警级别 红色", "alert level in the group red"),
            ({"utilisation": "0.9"}, "额度使用率 90%", "share of the line in use 90%"),
            ({"odd_signal": "x"}, "odd_signal x", "odd signal x"),
        ],
    )
    def test_says_what_was_seen(self, facts, zh, en):
        words = why.sentence(facts)

        assert (words.zh, words.en) == (zh, en)


class TestIsSupplied:
    @pytest.mark.parametrize(
        "name", ["utilisation", "overdue_days_max", "pending_lawsuits", "industry_downturn"]
    )
    def test_knows_the_houses_signals_and_recorded_facts(self, name):
        assert supplied.is_supplied(name)

    def test_a_policys_own_overlay_counts(self):
        assert not supplied.is_supplied("floods")
        assert supplied.is_supplied("floods", also={"floods"})
