"""``policy report``, ``policy shadow`` and ``policy go-back``."""

from __future__ import annotations

import json
from contextlib import contextmanager
from datetime import date

import pytest
from click.testing import CliRunner

from factories import companies, policies
from tradecredit.doors.cli import policies as policy_commands
from tradecredit.flows.approvals import publish_draft
from tradecredit.flows.policy import draft_policy
from tradecredit.plumbing.access import Role

TOMORROW = date(2026, 3, 3)
OVERDUE = "order_control.checks.overdue_days.days"


class Awake:
    """An installation whose database is the test's own."""

    @contextmanager
    def awake(self):
        yield


@pytest.fixture
def company(own_database):
    """A company whose second version allows 14 days."""
    found = companies.company()
    policies.published(found)
    writer = companies.person(found, Role.CREDIT_MANAGER, email="writer@example.com")
    director = companies.person(found, Role.RISK_DIRECTOR, email="director@example.com")
    draft = draft_policy.start_draft(
        company=found, title="宽限", reason="旺季", valid_from=TOMORROW, actor=writer
    )
    draft_policy.change_draft(
        draft_id=draft.id,
        figures={OVERDUE: "14"},
        valid_from=TOMORROW,
        reason="旺季",
        version=draft.version,
        actor=writer,
    )
    publish_draft.publish(draft_id=draft.id, company=found, actor=director)
    return found


def run(*arguments):
    return CliRunner().invoke(policy_commands.policy_command, arguments, obj=Awake())


class TestPolicyTrials:
    def test_reports_a_version_and_goes_back_from_it(self, company):
        report = json.loads(run("report", "2", "--json").stdout)
        assert report["changes"] == [{"path": OVERDUE, "before": 7, "after": 14}]
        assert (report["published_by"], report["approved_by"]) == ("writer", "director")
        assert f"{OVERDUE}: 7 → 14" in run("report", "2").stdout

        back = run("go-back", "1", "--from", "2026-03-03", "--reason", "误伤", "--by", "writer@example.com")
        assert "回退到第 1 版" in back.stdout, back.output
        wrong = run("go-back", "1", "--from", "2026-03-03", "--reason", "x", "--by", "nobody@example.com")
        assert wrong.exit_code == 2

    def test_starts_lists_and_ends_a_shadow(self, company):
        started = run("shadow", "start", "five-pillars", "--share", "20")
        name = started.stdout.split("\t")[0]
        (shown,) = json.loads(run("shadow", "list", "--json").stdout)["shadows"]
        assert (shown["id"], shown["share"], shown["is_running"]) == (name, 20, True)
        assert run("shadow", "end", name).exit_code == 0
        assert json.loads(run("shadow", "list", "--json").stdout)["shadows"][0]["is_running"] is False
