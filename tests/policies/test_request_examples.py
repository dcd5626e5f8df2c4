"""Every pack's examples of requests, boundary amounts among them, say who decides."""

from __future__ import annotations

import pytest

from tradecredit.core.approvals import authority
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.policy_document import Node
from tradecredit.integrations import policy_packs

EXAMPLES = [
    pytest.param(path.parents[2].name, policy_packs.read_yaml(path), id=f"{path.parents[2].name}/{path.stem}")
    for path in sorted(policy_packs.folder().glob("*/examples/requests/*.yaml"))
]


class TestRequestExamples:
    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_go_to_those_whom_the_pack_promises(self, pack, example):
        table = authority.parse(policy_packs.load_pack(pack)["authority"])

        for one in example["requests"]:
            grade = None if one["grade"] == authority.UNRATED else one["grade"]
            amount = Money.of(one["amount"], example["currency"])
            rule = table.rule_for(kind=one["kind"], grade=grade, amount=amount)
            expected = (one["rule"], one["mode"], one["roles"])
            assert (rule.code, rule.mode.value, list(rule.roles)) == expected, one

    @pytest.mark.parametrize(("pack", "example"), EXAMPLES)
    def test_say_what_they_show_and_where_it_comes_from(self, pack, example):
        words = Node(example, pack).child("case").words()

        assert words.zh
        assert words.en
        assert example["source"]

    def test_there_are_examples_for_every_pack(self):
        assert {param.values[0] for param in EXAMPLES} == set(policy_packs.pack_names())
