"""``policy tck``: what is printed for a folder with passing, failing and skipped cases."""

from __future__ import annotations

import json

from click.testing import CliRunner

from factories.decision_models import decision, literal, xml
from tradecredit.doors.cli import tck

CASES = """<testCases xmlns="http://www.omg.org/spec/DMN/20160719/testcase" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<modelName>{model}</modelName>
<testCase id="1"><resultNode name="two"><expected><value xsi:type="xsd:decimal">{expected}</value></expected></resultNode></testCase>
<testCase id="2"><resultNode name="none" errorResult="true"><expected><value xsi:nil="true"/></expected></resultNode></testCase>
</testCases>"""


def written(folder, name, *, expected):
    inside = folder / name
    inside.mkdir(parents=True)
    (inside / "m.dmn").write_text(
        xml(decision("two", literal("1 + 1")) + decision("none", literal("1 / 0"))), encoding="utf-8"
    )
    (inside / "m-test.xml").write_text(CASES.format(model="m.dmn", expected=expected), encoding="utf-8")
    (inside / "notes.xml").write_text("<notes/>", encoding="utf-8")


class TestTckCommand:
    def test_counts_by_folder_and_lists_failures(self, tmp_path):
        written(tmp_path, "level-2/good", expected="2")
        written(tmp_path, "level-3/bad", expected="3")
        written(tmp_path, "level-3/0076-feel-external-java", expected="2")

        result = CliRunner().invoke(tck.tck_command, [str(tmp_path), "--json"])

        document = json.loads(result.stdout)
        assert result.exit_code == 1
        assert (document["passed"], document["failed"], document["skipped"]) == (3, 1, 2)
        assert document["valued"] == {"passed": 1, "failed": 1}
        assert document["folders"]["level-2/good"] == {"passed": 2, "failed": 0, "skipped": 0}
        assert [(one["folder"], one["case"]) for one in document["failures"]] == [("level-3/bad", "1")]
        assert "2 instead of 3" in document["failures"][0]["why"]

    def test_a_single_folder_that_passes_exits_with_0(self, tmp_path):
        written(tmp_path, "only", expected="2")

        result = CliRunner().invoke(tck.tck_command, [str(tmp_path / "only")])

        assert result.exit_code == 0
        assert "passed 2" in result.stdout
