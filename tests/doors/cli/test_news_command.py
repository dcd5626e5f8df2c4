"""``tradecredit news`` through the command line's own entrance."""

import json
from contextlib import nullcontext
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from factories import customers, policies
from factories.receivables import SYSTEM
from tradecredit.doors.cli.installation import Installation
from tradecredit.doors.cli.main import cli
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(company, monkeypatch):
    """Run the command against the test's own transaction."""
    monkeypatch.setattr(Installation, "awake", lambda self, **more: nullcontext())
    policies.published(company)
    with scope.entered(SYSTEM):
        customers.customer(company, "C1", "示例恒达机电设备有限公司")

    def invoke(*arguments: str):
        with clock.at(datetime(2026, 3, 2, 4, tzinfo=UTC)):
            return CliRunner().invoke(cli, ["news", *arguments])

    return invoke


class TestNews:
    def test_what_somebody_read_is_judged_and_listed(self, run) -> None:
        written = run(
            "write", "示例恒达机电设备被法院受理破产申请", "--address", "https://news.example.com/1"
        )
        found = json.loads(run("list", "--side", "negative", "--json").stdout)["news"]

        assert written.stdout == "read 1, created 1, mentions 1, negative 1\n"
        assert [(one["feed"], one["polarity"]) for one in found] == [("manual", "negative")]
        assert found[0]["customers"][0]["code"] == "C1"
        assert found[0]["customers"][0]["words"][0][0] == "破产申请"

    def test_feeds_and_monitors_are_kept_and_shown(self, run) -> None:
        run("keep-feed", "trade-press", "--shape", "webhook")
        run("keep-monitor", "steel", "--any", "螺纹钢", "--any", "钢价")

        shown = run("feeds").stdout

        assert shown.splitlines() == [
            "trade-press              webhook  on  0",
            "steel                    monitor  螺纹钢, 钢价",
        ]

    def test_a_feed_in_an_unknown_shape_is_refused(self, run) -> None:
        refused = run("keep-feed", "trade-press", "--shape", "telegram")

        assert refused.exit_code != 0
        assert run("feeds").stdout == ""

    def test_a_field_without_its_place_is_refused_not_left_out(self, run) -> None:
        refused = run("keep-feed", "trade-press", "--shape", "webhook", "--at", "title")

        assert refused.exit_code == 2
        assert "write it as NAME=TEXT, not 'title'" in refused.output
        assert run("feeds").stdout == ""
