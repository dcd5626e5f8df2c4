"""``tradecredit rate`` and ``tradecredit policy`` as people call them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

import tradecredit
from factories import companies, customers, policies
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.doors.cli import main
from tradecredit.plumbing import yaml_texts
from tradecredit.plumbing.access import Role

PACK = Path(tradecredit.__file__).parent / "policies" / "five-pillars"


@pytest.fixture
def call(own_database, monkeypatch, tmp_path):
    monkeypatch.setenv("DATABASE_URL", own_database)
    monkeypatch.setenv("TRADECREDIT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TRADECREDIT_AS_OWNER", "")
    monkeypatch.setenv("TRADECREDIT_LANGUAGE", "en")

    def run(*arguments):
        return CliRunner().invoke(main.cli, ["--database-url", own_database, *arguments])

    return run


@pytest.fixture
def company(own_database):
    found = companies.company()
    policies.published(found)
    customers.customer(found)
    customers.customer(found, "C002", "示例五金乙有限公司")
    return found


class TestRate:
    def test_rates_everybody_and_records_it_once(self, call, company):
        first = json.loads(call("rate", "--json").stdout)
        again = json.loads(call("rate", "--json").stdout)

        assert (first["company"], first["rated"], first["changed"]) == ("DEMO", 2, 2)
        assert [each["customer"] for each in first["ratings"]] == ["C001", "C002"]
        assert first["ratings"][0]["grade"] == "C"
        assert len(first["ratings"][0]["parts"]) == 17
        assert again["changed"] == 0

    def test_shows_one_customer_with_its_parts(self, call, company):
        answer = call("rate", "--customer", "C002")

        assert answer.exit_code == 0
        assert answer.stdout.startswith("C002\tC\t—\t0.00%")
        assert "New customer or thin data: the grade is C" in answer.stdout
        assert "Debt ratio: no data" in answer.stdout
        assert "C001" not in answer.stdout

    def test_another_day_is_shown_and_not_recorded(self, call, company):
        shown = json.loads(call("rate", "--as-of", "2025-01-01", "--json").stdout)
        after = json.loads(call("rate", "--json").stdout)

        assert (shown["as_of"], shown["changed"]) == ("2025-01-01", 0)
        assert after["changed"] == 2

    def test_refuses_an_unknown_customer(self, call, company):
        answer = call("rate", "--customer", "NOBODY")

        assert isinstance(answer.exception, UnableToError)
        assert "no customer NOBODY" in str(answer.exception)


class TestPolicy:
    def test_lists_packs_and_published_versions(self, call, company):
        answer = json.loads(call("policy", "list", "--json").stdout)

        assert {pack["name"] for pack in answer["packs"]} >= {"five-pillars", "payment-record"}
        assert [(each["pack"], each["number"]) for each in answer["published"]] == [("five-pillars", 1)]

    def test_lists_packs_before_the_first_company(self, call):
        answer = json.loads(call("policy", "list", "--json").stdout)

        assert (answer["company"], answer["published"]) == (None, [])
        assert len(answer["packs"]) >= 2

    def test_shows_a_section_of_a_pack_and_of_the_policy_in_force(self, call, company):
        shipped = yaml_texts.read(call("policy", "show", "payment-record", "--section", "pack").stdout)
        in_force = json.loads(call("policy", "show", "--section", "scorecard", "--json").stdout)

        assert shipped["name"] == "payment-record"
        assert in_force["name"] == "five-pillars"

    @pytest.mark.parametrize("pack", ["five-pillars", "payment-record"])
    def test_finds_the_packs_that_ship_sound(self, call, company, pack):
        answer = call("policy", "check", pack, "--json")

        assert (answer.exit_code, json.loads(answer.stdout)["findings"]) == (0, [])

    def test_names_every_mistake_of_a_folder_of_ones_own(self, call, company, tmp_path):
        own = tmp_path / "own"
        shutil.copytree(PACK, own)
        (own / "limits.yaml").unlink()
        broken = (PACK / "authority.yaml").read_text("utf-8").replace("mode: single", "mode: alone", 1)
        (own / "authority.yaml").write_text(broken, "utf-8")
        (own / "limts.yaml").write_text((PACK / "limits.yaml").read_text("utf-8"), "utf-8")

        answer = call("policy", "check", str(own), "--json")

        found = {each["path"] for each in json.loads(answer.stdout)["findings"]}
        assert answer.exit_code == 1
        assert found == {"authority.rules[0].mode", "limits", "limts"}

    def test_publishes_by_two_people_only(self, call, company):
        companies.person(company, Role.RISK_DIRECTOR, email="risk@example.com")
        companies.person(company, Role.CFO, email="cfo@example.com")

        common = [
            "policy",
            "publish",
            "payment-record",
            "--reason",
            "new year",
            "--from",
            "2026-04-01",
            "--json",
        ]

        alone = call(*common, "--by", "cfo@example.com", "--approved-by", "cfo@example.com")
        together = call(*common, "--by", "cfo@example.com", "--approved-by", "risk@example.com")

        assert isinstance(alone.exception, UnableToError)
        assert json.loads(together.stdout)["number"] == 2
        assert json.loads(together.stdout)["valid_from"] == "2026-04-01"
        in_force = json.loads(
            call("policy", "show", "--section", "pack", "--as-of", "2026-04-01", "--json").stdout
        )
        before = json.loads(
            call("policy", "show", "--section", "pack", "--as-of", "2026-03-31", "--json").stdout
        )
        assert (in_force["name"], before["name"]) == ("payment-record", "five-pillars")
