from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.cash_application import statement_lines
from tradecredit.core.cash_application.statements import Entry
from tradecredit.core.kernel.money import Money


class TestKindOf:
    @pytest.mark.parametrize(
        ("amount", "text", "is_return", "kind"),
        [
            ("1.00", "货款", False, "receipt"),
            ("1.00", "退回我方付款", True, "correction"),
            ("-1.00", "anything", True, "return"),
            ("-1.00", "退汇 户名不符", False, "return"),
            ("-1.00", "RUECKLASTSCHRIFT", False, "return"),
            ("-1.00", "RETURNED CHEQUE", False, "return"),
            ("-1.00", "RETURNS OF THE YEAR", False, "outgoing"),
            ("-1.00", "退款", False, "refund"),
            ("-1.00", "运费", False, "outgoing"),
            ("0.00", "", False, "outgoing"),
        ],
    )
    def test_says_what_a_movement_means_for_a_seller(self, amount, text, is_return, kind):
        entry = Entry(
            place="1",
            booking_date=date(2026, 3, 2),
            amount=Money(Decimal(amount), "CNY"),
            text=text,
            is_return=is_return,
        )

        assert statement_lines.kind_of(entry) == kind
