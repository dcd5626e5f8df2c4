from __future__ import annotations

from datetime import date

import pytest

from tradecredit.core.decisions import revision
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError


class TestParse:
    def test_a_policy_that_says_nothing_is_never_due(self):
        found = revision.parse(Node({}, "pack"))
        assert found.consulted == ()
        assert found.due_on(date(2026, 3, 1)) is None

    def test_is_due_after_its_months(self):
        found = revision.parse(Node({"consulted": ["sales_director"], "revised_every_months": "12"}, "pack"))
        assert found.consulted == ("sales_director",)
        assert found.due_on(date(2026, 3, 1)) == date(2027, 3, 1)

    def test_names_the_place_of_a_wrong_number(self):
        with pytest.raises(PolicyError) as caught:
            revision.parse(Node({"revised_every_months": "0"}, "pack"))
        assert caught.value.path == "pack.revised_every_months"
