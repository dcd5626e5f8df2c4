from __future__ import annotations

import pytest

from tradecredit.core.kernel import document_changes
from tradecredit.core.kernel.document_changes import Change, UnknownPathError

DOCUMENT = {
    "order_control": {
        "reservation_days": 30,
        "checks": [
            {"code": "headroom", "on_fail": "hold"},
            {"code": "overdue_days", "days": 7, "amounts": {"CNY": "100.00"}},
        ],
        "words": ["a", "b"],
    }
}


class TestChanges:
    def test_equal_documents_have_none(self):
        assert document_changes.changes(DOCUMENT, DOCUMENT) == ()

    def test_names_a_list_item_by_its_code(self):
        after = document_changes.changed(DOCUMENT, "order_control.checks.overdue_days.days", 14)
        assert document_changes.changes(DOCUMENT, after) == (
            Change(path="order_control.checks.overdue_days.days", before=7, after=14),
        )

    def test_an_item_that_is_gone_or_new_is_one_change(self):
        after = {
            "order_control": {
                **DOCUMENT["order_control"],
                "checks": [{"code": "headroom", "on_fail": "hold"}],
            }
        }
        found = document_changes.changes(DOCUMENT, after)
        assert [(one.path, one.after) for one in found] == [("order_control.checks.overdue_days", None)]

    def test_a_list_without_names_is_one_value(self):
        after = document_changes.changed(DOCUMENT, "order_control.words", ["a"])
        assert document_changes.changes(DOCUMENT, after) == (
            Change(path="order_control.words", before=["a", "b"], after=["a"]),
        )

    def test_moving_an_item_within_its_list_is_no_change(self):
        turned = {
            "order_control": {
                **DOCUMENT["order_control"],
                "checks": DOCUMENT["order_control"]["checks"][::-1],
            }
        }
        assert document_changes.changes(DOCUMENT, turned) == ()


class TestChanged:
    def test_leaves_the_document_it_was_given_alone(self):
        document_changes.changed(DOCUMENT, "order_control.reservation_days", 5)
        assert DOCUMENT["order_control"]["reservation_days"] == 30

    @pytest.mark.parametrize("path", ["order_control.nothing", "order_control.checks.nobody.days", "x"])
    def test_refuses_a_path_that_leads_to_nothing(self, path):
        with pytest.raises(UnknownPathError):
            document_changes.changed(DOCUMENT, path, 1)


class TestValueAt:
    def test_returns_the_value(self):
        assert (
            document_changes.value_at(DOCUMENT, "order_control.checks.overdue_days.amounts.CNY") == "100.00"
        )
