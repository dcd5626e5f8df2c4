"""``tradecredit import``, as a user calls it: really committed, by its own process's door."""

import json
from contextlib import contextmanager

import pytest
from click.testing import CliRunner

from factories import companies
from tradecredit.doors.cli import imports
from tradecredit.doors.cli.installation import Installation
from tradecredit.flows import reactions

HEAD = "客户编码,客户名称,发票号码,开票日期,到期日,金额\n"
GOOD = "C1,示例甲,INV-1,2026-01-05,2026-02-04,100.00\n"


@pytest.fixture
def run(own_database, tmp_path, monkeypatch):
    companies.company()
    # The installation is awake already: the test's own database stands for it.
    monkeypatch.setattr(Installation, "awake", lambda self: contextmanager(lambda: (yield))())
    monkeypatch.setattr(reactions, "drain", lambda **_: 0)
    monkeypatch.setenv("TRADECREDIT_LANGUAGE", "en")

    def call(*arguments, text=HEAD + GOOD, encoding="utf-8"):
        path = tmp_path / "应收.csv"
        path.write_bytes(text.encode(encoding))
        installation = Installation(data_dir=tmp_path, database_url=None)
        result = CliRunner().invoke(
            imports.import_command, ["invoices", str(path), *arguments], obj=installation
        )
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return call


class TestImportCommand:
    def test_answers_with_one_json_document(self, run):
        done = run("--json")

        document = json.loads(done.stdout)
        assert done.exit_code == 0
        assert {name: document[name] for name in ("read", "created", "updated", "unchanged", "refused")} == {
            "read": 1,
            "created": 1,
            "updated": 0,
            "unchanged": 0,
            "refused": 0,
        }
        assert document["errors"] == []
        assert document["mapping"]["客户编码"] == "customer code"

    def test_changes_nothing_the_second_time(self, run):
        run("--json")

        assert json.loads(run("--json").stdout)["unchanged"] == 1

    def test_exits_with_1_and_names_the_refused_rows(self, run):
        done = run("--json", text=HEAD + GOOD + "C1,示例甲,INV-2,x,2026-02-04,1\n")

        assert done.exit_code == 1
        assert json.loads(done.stdout)["errors"] == [
            {
                "row": 3,
                "field": "invoice date",
                "value": "x",
                "message": "“x” is not a day. Write it like 2026-11-22.",
            }
        ]

    def test_writes_the_refused_rows_in_the_users_own_format(self, run, tmp_path):
        target = tmp_path / "refused.csv"

        run(
            "--errors", str(target), text=HEAD + GOOD + "C1,示例甲,INV-2,x,2026-02-04,1\n", encoding="gb18030"
        )

        lines = target.read_bytes().decode("gb18030").splitlines()
        assert lines[0] == HEAD.strip() + ",reason"
        assert lines[1].startswith("C1,示例甲,INV-2,x,2026-02-04,1,")
        assert len(lines) == 2

    def test_records_nothing_in_a_dry_run(self, run):
        assert json.loads(run("--dry-run", "--json").stdout)["created"] == 1
        assert json.loads(run("--json").stdout)["created"] == 1

    def test_follows_a_mapping_file(self, run, tmp_path):
        mapping = tmp_path / "map.yaml"
        mapping.write_text(
            "columns: {甲: customer code, 乙: invoice number}\nconstants: {due date: 2026-02-04}\n"
        )

        done = run("--map", str(mapping), "--json", text="甲,乙,开票日期,金额\nC1,INV-1,2026-01-05,5\n")

        assert json.loads(done.stdout)["created"] == 1

    def test_tells_a_person_what_happened(self, run):
        done = run(text=HEAD + GOOD + "C1,示例甲,INV-2,x,2026-02-04,1\n")

        assert "read 2, created 1, updated 0, unchanged 0, refused 1" in done.stdout
        assert "✗ 3: invoice date “x” — “x” is not a day" in done.stdout

    def test_calls_a_missing_mapping_file_wrong_usage(self, run):
        assert run("--map", "nowhere.yaml").exit_code == 2

    def test_names_a_file_that_cannot_be_read_in_the_same_document(self, run):
        done = run("--json", text="甲,乙\n1,2\n")

        document = json.loads(done.stdout)
        assert (done.exit_code, document["read"]) == (1, 0)
        assert document["unread"][0]["file"] == "应收.csv"
        assert "No headings were found" in document["unread"][0]["message"]
