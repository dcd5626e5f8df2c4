"""The demo's broken group: the first warning stands at least thirty days before anything of it is overdue for good."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import tradecredit
from tradecredit.core.monitoring import triggers
from tradecredit.core.monitoring.signals import Signal, Signals
from tradecredit.flows.simulation import plan, world
from tradecredit.plumbing import yaml_texts

FILE = Path(tradecredit.__file__).parent / "policies" / "five-pillars" / "monitoring.yaml"


def _raised_on(day):
    """Return the day on which the demo's books take up what became known on the day."""
    while not plan.is_posting_day(day, latest=world.LATEST_DAY):
        day += timedelta(days=1)
    return day


class TestFirstWarning:
    def test_comes_thirty_days_before_the_first_item_that_is_never_paid(self):
        found = world.make()
        pledges = {fact.customer: fact for fact in found.facts if fact.name == "equity_pledge_ratio"}
        never_paid_from = world.GROUP_BREAKS_ON - timedelta(days=40)

        warned = {code: _raised_on(pledges[code].known_on) for code in world.GROUP}

        assert {(never_paid_from - day).days for day in warned.values()} == {54}

    def test_the_rules_speak_of_it(self):
        policy = triggers.parse(yaml_texts.read(FILE.read_text(encoding="utf-8")))
        signals = Signals(customer_id="C0191", known={"equity_pledge_ratio": Signal(value=Decimal("0.62"))})

        raised = triggers.evaluate(policy=policy, signals=signals).raised

        assert [(one.rule.code, one.facts) for one in raised] == [
            ("equity-pledge", {"equity_pledge_ratio": "0.62"})
        ]
