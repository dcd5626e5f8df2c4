from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tradecredit.core.approvals import notices
from tradecredit.core.approvals.notices import Notices
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.policy_document import Node
from tradecredit.core.kernel.refusal import PolicyError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT = Notices(link_days=3, quiet_from=time(20, 0), quiet_until=time(8, 30))
NOON = Notices(link_days=3, quiet_from=time(12, 0), quiet_until=time(13, 30))


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=SHANGHAI)


class TestLeavesAt:
    @pytest.mark.parametrize(
        ("made", "leaves"),
        [
            (at(2, 12), None),
            (at(2, 19, 59), None),
            (at(2, 20), at(3, 8, 30)),
            (at(2, 21, 10), at(3, 8, 30)),
            (at(2, 7), at(2, 8, 30)),
            (at(2, 8, 30), None),
        ],
    )
    def test_waits_for_the_end_of_the_night(self, made, leaves):
        assert notices.leaves_at(made, NIGHT) == leaves

    def test_knows_quiet_hours_within_a_day(self):
        assert notices.leaves_at(at(2, 12, 30), NOON) == at(2, 13, 30)
        assert notices.leaves_at(at(2, 11), NOON) is None

    def test_leaves_at_once_where_no_hours_are_quiet(self):
        assert notices.leaves_at(at(2, 3), Notices(link_days=1)) is None


class TestWantsPassword:
    @pytest.mark.parametrize(
        ("amount", "wanted"),
        [
            (Money.of("200000.00", "CNY"), False),
            (Money.of("200000.01", "CNY"), True),
            (Money.of("1.00", "USD"), True),
            (None, False),
        ],
    )
    def test_above_the_amount_and_in_other_currencies(self, amount, wanted):
        terms = Notices(link_days=3, password_above=Decimal(200_000))
        assert terms.wants_password(amount, currency="CNY") is wanted

    def test_never_where_policy_says_nothing(self):
        assert not Notices().wants_password(Money.of("9", "CNY"), currency="CNY")


class TestParse:
    def test_reads_what_policy_says(self):
        said = {"link_days": 3, "password_above": "200000", "quiet": {"from": "20:00", "until": "08:30"}}
        assert notices.parse(Node(said, "authority.notices")) == Notices(
            link_days=3,
            password_above=Decimal(200_000),
            quiet_from=time(20, 0),
            quiet_until=time(8, 30),
        )

    def test_offers_no_links_where_nothing_is_said(self):
        assert notices.parse(None).link_days == 0

    def test_names_the_place_of_a_time_that_is_none(self):
        said = {"link_days": 3, "quiet": {"from": "25:00", "until": "08:30"}}
        with pytest.raises(PolicyError) as wrong:
            notices.parse(Node(said, "authority.notices"))
        assert wrong.value.path == "authority.notices.quiet.from"
