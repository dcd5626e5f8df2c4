"""``policy check FILE.dmn`` and ``policy decide``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from factories import decision_models as models
from tradecredit.doors.cli.main import cli

if TYPE_CHECKING:
    from pathlib import Path


def written(tmp_path: Path, rules: list[str], **kwargs: str) -> Path:
    path = tmp_path / "放行.dmn"
    table = models.table(["天数", "等级"], ["结果"], rules, **kwargs)
    body = (
        models.fact("天数")
        + models.fact("等级")
        + models.decision("放行", table, needs=models.needs("天数", "等级"))
    )
    path.write_text(models.xml(body), encoding="utf-8")
    return path


RULES = ['<= 30 | - | "approve"', '> 30 | "A" | "review"', '> 30 | not("A") | "hold"']


def run(*arguments: str, exit_code: int = 0):
    result = CliRunner().invoke(cli, ["policy", *arguments])
    assert result.exit_code == exit_code, result.output
    return result.output


class TestCheck:
    def test_a_sound_table_passes(self, tmp_path):
        path = written(tmp_path, ['<= 30 | - | "approve"', '- | - | "hold"'], policy="FIRST")
        assert "sound" in run("check", str(path))

    def test_findings_are_listed_with_their_place_and_exit_code_1(self, tmp_path):
        path = written(tmp_path, ['<= 30 | - | "approve"', '> 31 | - | "hold"'])
        found = json.loads(run("check", str(path), "--json", exit_code=1))["findings"]
        assert [one["trouble"] for one in found] == ["gap", "no_catch_all"]
        assert found[0]["where"] == {"天数": "(30..31]"}

    def test_a_text_that_cannot_be_read_is_a_finding(self, tmp_path):
        path = written(tmp_path, ["<= 30 | - | 1 +", "> 30 | - | 2"])
        found = json.loads(run("check", str(path), "--json", exit_code=1))["findings"]
        assert found[0]["trouble"] == "unexpected_end"


class TestDecide:
    def test_says_what_and_why(self, tmp_path):
        path = written(tmp_path, RULES)
        answer = json.loads(
            run("decide", str(path), "放行", "--fact", "天数=45", "--fact", "等级=B", "--json")
        )
        assert answer["value"] == "hold"
        assert not answer["needs_person"]
        told = answer["told"][0]
        assert (
            told["headline"]["en"]
            == 'Row 3 of “放行” fired: 天数 45 (> 30), 等级 "B" (not("A")); it gives "hold".'
        )
        assert told["alternatives"][0]["en"] == 'If 天数 were <= 30, row 1 would fire and give "approve".'

    def test_a_missing_fact_goes_to_a_person(self, tmp_path):
        path = written(tmp_path, RULES)
        answer = json.loads(run("decide", str(path), "放行", "--fact", "天数=45", "--json", exit_code=1))
        assert answer["value"] is None
        assert answer["reasons"][0]["zh"] == "“等级”没有值"

    def test_lets_missing_facts_pass_when_asked_to(self, tmp_path):
        path = written(tmp_path, RULES)
        assert "hold" in run("decide", str(path), "放行", "--fact", "天数=45", "--lenient")

    @pytest.mark.parametrize("fact", ["天数", "=3x"])
    def test_says_how_to_write_a_fact(self, tmp_path, fact):
        result = CliRunner().invoke(
            cli, ["policy", "decide", str(written(tmp_path, RULES)), "放行", "--fact", fact]
        )
        assert (result.exit_code, "NAME=TEXT" in result.output) == (2, True)
