"""Every shipped rule on days overdue, measured on real ledgers: how often it is right, what it misses, how early it speaks."""

from __future__ import annotations

import csv
import gzip
import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from tradecredit.doors.cli import main
from tradecredit.doors.cli.installation import Installation
from tradecredit.integrations import policy_packs

pytestmark = pytest.mark.realdata

IBM = "ar_ibm_late_payment/WA_Fn-UseC_-Accounts-Receivable.csv.gz"
SAP = "ar_sap_open_items/open_items.csv.gz"
IBM_COLUMNS = (
    *("--customer", "customerID", "--due", "DueDate", "--settled", "SettledDate"),
    *("--days", "%m/%d/%Y", "--horizon", "90"),
)


@pytest.fixture
def measure(shared_data, monkeypatch):
    """Measure the rules of all packs on a ledger by the command that users have; returns its answer and what it warns of."""
    monkeypatch.setattr(Installation, "awake", lambda *_, **__: nullcontext())
    packs = [part for name in policy_packs.pack_names() for part in ("--policy", name)]

    def run(name, *arguments):
        path = str(shared_data / name)
        done = CliRunner().invoke(
            main.cli, ["alerts", "measure-ledger", path, *arguments, *packs, "--json"], catch_exceptions=False
        )
        assert done.exit_code == 0, done.output
        return json.loads(done.stdout), done.stderr

    return run


def told(answer):
    return {
        one["rule"]: (one["alerts"], one["right"], one["precision"], one["recall"], one["lead_days"])
        for one in answer["rules"]
    }


class TestOnPaidInvoices:
    """2,466 invoices of 100 customers, each with its day of payment; nobody was more than 45 days late."""

    def test_rules_that_speak_before_twenty_days(self, measure):
        answer, warned = measure(IBM, "--trouble", "20", *IBM_COLUMNS)

        assert told(answer) == {
            "authority-matrix/any-overdue": (652, 114, "0.1913", "1.0000", 44),
            "payment-record/overdue-3": (575, 113, "0.2132", "1.0000", 42),
            "three-tiers/paying-late": (168, 101, "0.6121", "1.0000", 5),
        }
        assert warned == ""

    def test_rules_that_speak_before_thirty_one_days(self, measure):
        answer, _ = measure(IBM, "--trouble", "31", *IBM_COLUMNS)

        assert told(answer) == {
            "authority-matrix/any-overdue": (652, 10, "0.0169", "1.0000", 30),
            "payment-record/overdue-3": (575, 10, "0.0190", "1.0000", 28),
            "three-tiers/paying-late": (168, 10, "0.0625", "1.0000", 16),
            "five-pillars/overdue-30": (8, 7, "0.8750", "1.0000", 1),
            "policy-scorecard/overdue-30": (8, 7, "0.8750", "1.0000", 1),
            "payment-record/overdue-30": (8, 7, "0.8750", "1.0000", 1),
        }

    def test_alerts_are_no_more_than_the_files_own_late_days_allow(self, measure, shared_data):
        with gzip.open(shared_data / IBM, "rt", encoding="utf-8-sig", newline="") as stream:
            late = [int(row["DaysLate"]) for row in csv.DictReader(stream)]

        answer, _ = measure(IBM, "--trouble", "20", *IBM_COLUMNS)

        by_days = {one["threshold"]: one["alerts"] for one in answer["thresholds"]}
        assert all(alerts <= sum(days > least for days in late) for least, alerts in by_days.items())
        assert list(by_days.values()) == sorted(by_days.values(), reverse=True)


class TestOnOpenItems:
    """9,131 open items without any day of payment: every late item stays late, so that being right means nothing."""

    def test_the_command_says_so(self, measure):
        answer, warned = measure(SAP, "--trouble", "60", "--customer", "cust_number", "--due", "due_in_date")

        assert {one["precision"] for one in answer["rules"]} == {"1.0000"}
        assert "no day of payment" in warned
