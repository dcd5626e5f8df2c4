from __future__ import annotations

from datetime import date, timedelta

import pytest

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import cooldown
from tradecredit.core.monitoring.condition_texts import Condition
from tradecredit.core.monitoring.triggers import AlertRule, Finding, Level

RAISED = date(2026, 5, 1)


def _finding(operator="at_least", **facts):
    rule = AlertRule(
        code="rule",
        level=Level.RED,
        label=Words(zh="预警", en="Alert"),
        when=(Condition(fact="x", operator=operator),),
        cooldown_days=30,
    )
    return Finding(rule=rule, facts=facts)


def _earlier(*, is_open, **facts):
    return cooldown.EarlierAlert(rule_code="rule", raised_date=RAISED, is_open=is_open, facts=facts)


def _is_fresh(finding, *earlier, days=0):
    return cooldown.fresh(findings=[finding], earlier=earlier, as_of=RAISED + timedelta(days=days)) == (
        finding,
    )


class TestFresh:
    def test_raises_what_was_never_raised(self):
        assert _is_fresh(_finding(x="30"))

    def test_never_repeats_an_open_alert(self):
        assert not _is_fresh(_finding(x="300"), _earlier(is_open=True, x="30"), days=300)

    @pytest.mark.parametrize(("days", "is_fresh"), [(29, False), (30, True)])
    def test_waits_for_the_cooldown_of_a_closed_alert(self, days, is_fresh):
        assert _is_fresh(_finding(x="31"), _earlier(is_open=False, x="30"), days=days) is is_fresh

    def test_raises_each_new_value_of_an_increase_at_once(self):
        second = _finding("increased", x="2")

        assert _is_fresh(second, _earlier(is_open=True, x="1"))
        assert not _is_fresh(second, _earlier(is_open=False, x="2"), days=300)
