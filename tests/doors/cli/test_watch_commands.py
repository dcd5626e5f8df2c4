from __future__ import annotations

import json
from contextlib import nullcontext
from datetime import date, timedelta

import pytest
from click.testing import CliRunner

from factories import companies, customers, policies, receivables
from tradecredit.doors.cli import main
from tradecredit.doors.cli.installation import Installation
from tradecredit.flows import ports
from tradecredit.flows.watch import close_day
from tradecredit.integrations.mail.null import NullMailer
from tradecredit.plumbing.access.models import Company

DAY = date(2026, 3, 2)


@pytest.fixture
def run(monkeypatch, company):
    """Run a command in this process, on this test's database."""
    monkeypatch.setattr(Installation, "awake", lambda *_, **__: nullcontext())
    mailer = NullMailer()
    monkeypatch.setitem(ports._adapters, ports.SandboxMailer, mailer)
    policies.published(company)
    customers.customer(company, "C001", email="a@example.com")
    receivables.invoices(
        company, receivables.invoice_row("INV-1", "100.00", due_date=DAY - timedelta(days=8))
    )

    def invoke(*arguments):
        return CliRunner().invoke(main.cli, list(arguments))

    invoke.mailer = mailer
    return invoke


class TestTrials:
    def test_says_what_the_trials_of_strategies_show(self, run):
        document = policies.shipped()
        trial = {
            "code": "three", "label": {"zh": "三天", "en": "Three days"}, "share": 50,
            "from_date": "2026-02-01", "to_date": "2026-04-30",
            "changes": {"stages": {"stage-1": {"pay_within_workdays": 3}}},
        }  # fmt: skip
        section = {**document["dunning"], "trials": [trial]}
        company = Company.objects.get()
        policies.published(company, document={**document, "dunning": section}, valid_from=DAY)

        told = run("collections", "trials").stdout
        found = json.loads(run("collections", "trials", "--json", "--as-of", "2026-01-05").stdout)

        assert "5 → 3" in told
        assert (found["items"][0]["code"], found["items"][0]["state"]) == ("three", "ahead")


class TestMeasureAlerts:
    @pytest.fixture
    def _raised(self, run):
        receivables.invoices(
            Company.objects.get(),
            receivables.invoice_row("INV-2", "82000.00", due_date=DAY - timedelta(days=31)),
        )
        run("close-day")

    @pytest.mark.usefixtures("_raised")
    def test_calls_a_step_of_dunning_by_its_name(self, run):
        lines = [line.split("\t") for line in run("alerts", "measure").stdout.splitlines()]
        found = json.loads(run("alerts", "measure", "--json").stdout)

        (name,) = [line[-1] for line in lines if line[0] == "dunning.stage-3"]
        (label,) = [one["label"] for one in found["rules"] if one["rule"] == "dunning.stage-3"]
        assert (name, label["en"]) == ("Stage 3: final demand", "Stage 3: final demand")


class TestCloseDay:
    def test_closes_the_day_named_and_says_what_was_done(self, run):
        first = json.loads(run("close-day", "--as-of", "2026-03-02", "--json").stdout)
        second = json.loads(run("close-day", "--as-of", "2026-03-02", "--json").stdout)

        assert (first["as_of"], first["letters"], first["frozen"]) == ("2026-03-02", 1, 1)
        assert first["companies"][0]["company"] == "DEMO"
        assert (second["letters"], second["frozen"], second["companies"][0]["was_closed"]) == (0, 0, True)

    def test_closes_the_companys_own_today_without_a_day(self, run):
        answer = json.loads(run("close-day", "--json").stdout)

        assert answer["as_of"] == "2026-03-02"

    def test_rates_again_whoever_entered_a_stage(self, run):
        answer = json.loads(run("close-day", "--json").stdout)

        assert answer["became_overdue"] == 1
        assert answer["companies"][0]["events"] >= 1

    def test_refuses_a_day_that_is_none(self, run):
        result = run("close-day", "--as-of", "02.03.2026")

        assert result.exit_code == 2
        assert "is not a day such as 2026-03-02" in result.output

    def test_refuses_a_day_before_the_latest_closed_one(self, run):
        run("close-day", "--as-of", "2026-03-02")

        result = run("close-day", "--as-of", "2026-03-01")

        assert isinstance(result.exception, close_day.UnableToCloseDayError)

    def test_says_it_in_words_of_the_language(self, run, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_LANGUAGE", "zh")

        assert "催收函: 1" in run("close-day").stdout


class TestClock:
    def test_plays_the_days_into_the_sandbox(self, run):
        answer = json.loads(run("clock", "advance", "35d", "--json").stdout)

        assert (answer["today"], answer["days"], answer["letters"]) == ("2026-04-06", 35, 2)
        assert Company.objects.get().sandbox_day == date(2026, 4, 6)
        # Two letters; the alerts and digests have nobody to go to in this company.
        assert len(run.mailer.carried) == 2

    def test_counts_weeks(self, run):
        assert json.loads(run("clock", "advance", "1w", "--json").stdout)["today"] == "2026-03-09"

    @pytest.mark.parametrize("duration", ["0d", "soon", "-3d"])
    def test_refuses_what_is_no_duration(self, run, duration):
        result = run("clock", "advance", "--", duration)

        assert result.exit_code == 2
        assert Company.objects.get().sandbox_day == DAY

    def test_refuses_when_there_is_no_sandbox(self, run):
        Company.objects.update(is_sandbox=False, sandbox_day=None)

        result = run("clock", "advance", "1d")

        assert result.exit_code == 2
        assert "no sandbox company" in result.output

    def test_leaves_other_sandboxes_alone_when_one_is_named(self, run):
        other = companies.company("OTHER", "示例贸易有限公司")
        policies.published(other)

        run("clock", "advance", "1d", "--company", "OTHER")

        assert dict(Company.objects.values_list("code", "sandbox_day")) == {
            "DEMO": DAY,
            "OTHER": DAY + timedelta(days=1),
        }
