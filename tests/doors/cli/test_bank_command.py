"""``tradecredit bank import``, as a user calls it: really committed, read by the child process."""

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from factories import companies, customers
from factories.bank_files import csv_file
from tradecredit.doors.cli import bank, reports
from tradecredit.doors.cli.installation import Installation
from tradecredit.flows import reactions

ROW = "2026-03-01,,100.00,1100.00,示例五金甲有限公司,6200000000000101,货款 INV-1,EX0001"
STRANGER = "2026-03-02,,33.00,1133.00,示例无名有限公司,6200000000000199,款,EX0002"


@pytest.fixture
def run(own_database, tmp_path, monkeypatch):
    customers.customer(companies.company())
    # The installation is awake already: the test's own database stands for it.
    monkeypatch.setattr(Installation, "awake", lambda self: contextmanager(lambda: (yield))())
    monkeypatch.setattr(reactions, "drain", lambda **_: 0)
    monkeypatch.setenv("TRADECREDIT_LANGUAGE", "en")

    def call(command, *arguments):
        installation = Installation(data_dir=tmp_path, database_url=None)
        result = CliRunner().invoke(command, arguments, obj=installation)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


class TestBankImport:
    def test_answers_with_one_json_document_and_the_report_shows_the_check(self, run, tmp_path):
        file = csv_file(ROW, STRANGER)
        path, broken = tmp_path / file.name, tmp_path / "broken.xml"
        path.write_bytes(file.data)
        broken.write_bytes(b"<?xml version='1.0'?><!DOCTYPE x []><Document/>")

        done = run(bank.bank_command, "import", str(path), str(path), str(broken), "--json")

        document = json.loads(done.stdout)
        assert done.exit_code == 1
        assert {
            key: document[key]
            for key in ("statements", "lines", "matched", "suggested", "unidentified", "duplicates")
        } == {"statements": 2, "lines": 4, "matched": 0, "suggested": 1, "unidentified": 1, "duplicates": 2}
        assert [one["file"] for one in document["refused"]] == ["broken.xml"]
        assert "DTD" in document["refused"][0]["message"]
        report = json.loads(run(reports.report_command, "bank-statements", "--json").stdout)
        (row,) = report["rows"]
        assert (
            row["opening"],
            row["credit"],
            row["debit"],
            row["closing"],
            row["difference"],
            row["balanced"],
        ) == (
            "1000.00",
            "133.00",
            "0.00",
            "1133.00",
            "0.00",
            "yes",
        )

    def test_a_profile_of_ones_own_reads_a_foreign_layout(self, run, tmp_path):
        path, profile = tmp_path / "odd.csv", tmp_path / "odd.yaml"
        path.write_text("When;What;In;Out\n01/03/2026;rent;;5,00\n13/03/2026;INV-1;7,00;\n", encoding="utf-8")
        profile.write_text(
            "name: odd\ncolumns: {booking_date: [When], text: [What], money_in: [In], money_out: [Out]}\n"
            "days: d/m/y\nnumbers: 1.234,56\n",
            encoding="utf-8",
        )

        arguments = ("import", str(path), "--account", "EX-12345678", "--profile", str(profile), "--json")
        document = json.loads(run(bank.bank_command, *arguments).stdout)

        assert (document["lines"], document["checks"][0]["credit"]) == (2, "7.00")

    def test_lists_the_profiles(self, run):
        assert "icbc" in json.loads(run(bank.bank_command, "profiles", "--json").stdout)
