"""``tradecredit report`` through the command line's own entrance."""

import csv
import io
import json
from contextlib import nullcontext

import pytest
from click.testing import CliRunner

from factories import customers, receivables
from factories.receivables import SYSTEM, invoice_row
from tradecredit.doors.cli.installation import Installation
from tradecredit.doors.cli.main import cli
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(company, monkeypatch):
    """Run the command against the test's own transaction."""
    monkeypatch.setattr(Installation, "awake", lambda self, **more: nullcontext())
    with scope.entered(SYSTEM):
        customers.customer(company, name="=cmd|示例", salesperson="王芳")
        receivables.invoices(company, invoice_row("INV-1", "1234.50"))

    def invoke(*arguments: str):
        return CliRunner().invoke(cli, ["report", *arguments])

    return invoke


class TestReport:
    def test_prints_one_json_document(self, run) -> None:
        result = run("aging", "--as-of", "2026-03-02", "--json")

        document = json.loads(result.stdout)
        assert (document["report"], document["as_of"], document["known_at"]) == ("aging", "2026-03-02", None)
        (row,) = document["rows"]
        assert (row["customer"], row["1-30"], row["open"]) == ("C001", "1234.50", "1234.50")

    def test_prints_csv_that_cannot_act(self, run) -> None:
        result = run("overdue", "--as-of", "2026-03-02", "--format", "csv")

        rows = list(csv.reader(io.StringIO(result.stdout_bytes.decode("utf-8-sig"))))
        assert "'=cmd|示例" in rows[1]
        assert "1234.50" in rows[1]

    def test_writes_a_workbook_into_a_file(self, run, tmp_path) -> None:
        target = tmp_path / "aging.xlsx"

        result = run("aging", "--format", "xlsx", "--out", str(target), "--scheme", "age")

        assert (result.exit_code, result.stdout_bytes) == (0, b"")
        assert target.read_bytes()[:2] == b"PK"

    def test_draws_a_table(self, run) -> None:
        assert "1234.50" in run("aging", "--by", "salesperson,company").stdout

    def test_knows_nothing_before_it_was_recorded(self, run) -> None:
        result = run("aging", "--json", "--known-at", "2020-01-01T00:00:00+08:00")

        assert json.loads(result.stdout)["rows"] == []

    @pytest.mark.parametrize(
        "arguments",
        [
            ("aging", "--as-of", "yesterday"),
            ("aging", "--known-at", "2026-01-01T00:00:00"),
            ("aging", "--format", "x"),
        ],
    )
    def test_refuses_wrong_usage(self, run, arguments) -> None:
        assert run(*arguments).exit_code == 2
