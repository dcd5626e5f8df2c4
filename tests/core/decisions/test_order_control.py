from __future__ import annotations

import copy
import re

import pytest

from factories.credit_facts import section
from tradecredit.core.decisions import evaluate, policy, sentences
from tradecredit.core.kernel.refusal import PolicyError

GOOD = section("five-pillars", "order_control")
_OVERDUE = next(at for at, rule in enumerate(GOOD["checks"]) if rule["code"] == "overdue_days")


def changed(path, value):
    document = copy.deepcopy(GOOD)
    target = document
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return document


class TestParse:
    def test_reads_the_figures_of_the_packs(self):
        days = {
            pack: next(
                rule.days
                for rule in policy.parse(section(pack, "order_control")).rules
                if rule.code == "overdue_days"
            )
            for pack in ("five-pillars", "payment-record")
        }

        assert days == {"five-pillars": 7, "payment-record": 3}

    @pytest.mark.parametrize(
        ("path", "value", "place"),
        [
            (("checks", 3, "check"), "hunch", "order_control.checks[3].check"),
            (("checks", 3, "on_fail"), "approve", "order_control.checks[3].on_fail"),
            (("checks", 3, "on_unknown"), "warn", "order_control.checks[3].on_unknown"),
            (("checks", 3, "at"), ["quotation"], "order_control.checks[3].at[0]"),
            (("checks", 3, "thresold"), "5", "order_control.checks[3]"),
            (("checks", _OVERDUE, "days"), -1, f"order_control.checks[{_OVERDUE}].days"),
            (("checks", 0, "code"), "headroom", "order_control.checks"),
            (("exposure", "consigned"), True, "order_control.exposure"),
            (("reservation_days",), 0, "order_control.reservation_days"),
        ],
    )
    def test_names_the_place_of_a_bad_value(self, path, value, place):
        with pytest.raises(PolicyError, match=f"^{re.escape(place)}:"):
            policy.parse(changed(path, value))

    def test_asks_for_the_figures_a_check_needs(self):
        document = copy.deepcopy(GOOD)
        place = next(at for at, rule in enumerate(document["checks"]) if rule["code"] == "overdue_days")
        del document["checks"][place]["days"]

        with pytest.raises(PolicyError, match="'days' is missing"):
            policy.parse(document)


class TestRegistry:
    def test_every_check_that_policy_may_name_exists(self):
        assert set(policy.REQUIRED_FIGURES) == set(evaluate.CHECKS)

    def test_every_sentence_has_both_languages(self):
        for key, words in {**sentences.SENTENCES, **sentences.REMEDIES}.items():
            assert words.zh, key
            assert words.en, key
            assert not re.search("[\u4e00-\u9fff]", words.en), key
