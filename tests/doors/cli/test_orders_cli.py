from __future__ import annotations

import json
from contextlib import contextmanager

import psycopg
import pytest
from click.testing import CliRunner

from factories import companies, orders
from tradecredit.doors.cli import ledger
from tradecredit.doors.cli import orders as orders_cli


class Awake:
    """An installation whose database is the test's own."""

    @contextmanager
    def awake(self):
        yield


@pytest.fixture
def company(own_database):
    found = companies.company()
    orders.policy(found)
    orders.creditworthy(found)
    return found


def run(command, *arguments):
    return CliRunner().invoke(command, arguments, obj=Awake())


def check(*arguments):
    return run(orders_cli.check_command, "--customer", "C001", *arguments)


class TestCheck:
    def test_prints_one_document_and_keeps_nothing(self, company):
        done = check("--amount", "120000.00", "--json")

        document = json.loads(done.stdout)
        assert (done.exit_code, document["outcome"], document["committed"]) == (0, "hold", False)
        assert document["reservation"] is None

    def test_commits_under_the_order_number_only(self, company):
        refused = check("--amount", "1.00", "--commit")
        kept = check("--amount", "50000.00", "--commit", "--reference", "SO-1", "--json")

        assert refused.exit_code == 2
        assert json.loads(kept.stdout)["reservation"]["amount"] == "50000.00"

    def test_tells_people_the_equation_and_the_remedies(self, company, monkeypatch):
        monkeypatch.setenv("TRADECREDIT_LANGUAGE", "zh")

        text = check("--amount", "120000.00").stdout

        assert "¥84,000.00  可用额度" in text
        assert "→ 分批：现在可发 ¥84,000.00即放行" in text
        assert "✗ 可用额度: 本单 ¥120,000.00 超出可用额度" in text

    def test_refuses_what_is_no_amount(self, company):
        assert check("--amount", "1.001").exit_code == 2


class TestExplainAndReplay:
    def test_explains_and_replays_what_was_decided(self, company):
        identifier = json.loads(check("--amount", "120000.00", "--json").stdout)["id"]

        explained = run(orders_cli.explain_command, identifier, "--json")
        one = run(orders_cli.replay_command, identifier, "--json")
        everything = run(orders_cli.replay_command, "--since", "2026-01-01", "--json")

        assert json.loads(explained.stdout)["equation"]["adds_up"] is True
        assert json.loads(one.stdout) == {"replayed": 1, "identical": 1, "different": []}
        assert json.loads(everything.stdout) == {"replayed": 1, "identical": 1, "different": []}


class TestLedgerVerify:
    def test_finds_a_planted_cent_and_fails(self, company, own_database):
        check("--amount", "50000.00", "--commit", "--reference", "SO-1")

        before = run(ledger.ledger_command, "verify", "--json")
        with psycopg.connect(own_database) as owner:
            owner.execute("UPDATE exposure_creditaccount SET reserved = reserved + 0.01")
        after = run(ledger.ledger_command, "verify", "--json")

        assert json.loads(before.stdout)["exposure"]["drift"] == "0.00"
        assert after.exit_code == 1
        assert json.loads(after.stdout)["exposure"]["drift"] == "0.0100"
        assert [one["stage"] for one in json.loads(after.stdout)["exposure"]["differences"]] == ["reserved"]
