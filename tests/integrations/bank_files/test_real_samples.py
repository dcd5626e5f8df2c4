"""Sample files of banks and of other projects against independent counts; read where they lie, never copied.

Where ours differs from the independent reader, ours is argued for beside the case.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.integrations.bank_files import profiles, reading

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.realdata
# No statement stands in these: a message without one, and two without any field of a statement.
EMPTY = {
    "camt/genkgo__camt053.v2.wrong.xml",
    "mt940/self-provided__empty_non_swift.sta",
    "ofx/ofxparse__bank_small.ofx",
}
# The only entry is announced (PDNG), not booked: the independent count takes it, a ledger must not.
ANNOUNCED = "camt/genkgo__camt052.v4.xml"
# Balances without their currency ("C020315105000,00"): it is the opening one's, and then all three pages add up.
WITHOUT_CURRENCY = "mt940/self-provided__raphaelm.sta"
# The movement is wrapped in the middle; joined it is a credit of 30.00, which the independent pattern misses.
WRAPPED = "mt940/self-provided__sparkassen.sta"


@pytest.fixture
def folder(shared_data: Path) -> Path:
    return shared_data / "bank_statements"


@pytest.fixture
def expected(folder: Path) -> dict:
    return json.loads((folder / "EXPECTED.json").read_text(encoding="utf-8"))


def read(folder: Path, name: str):
    data = (folder / name).read_bytes()
    return reading.read(BankFile(name=name, data=data, currency="CNY"), profiles=profiles.shipped())


def figures(statement) -> tuple:
    check = statements.check(statement)
    return statement.account, len(statement.entries), check.credit, check.debit, check.is_balanced


def named(expected: dict, folder: str) -> list[str]:
    return [name for name in expected if name.startswith(folder) and name not in EMPTY]


class TestSamples:
    def test_empty_files_are_refused(self, folder):
        for name in EMPTY:
            with pytest.raises(UnableToReadBankFileError, match="no statement"):
                read(folder, name)

    def test_camt(self, folder, expected):
        for name in named(expected, "camt/"):
            wanted = [
                (
                    one["account"],
                    one["entries"],
                    Decimal(one["credit"]),
                    Decimal(one["debit"]),
                    one["reconciles"],
                )
                for one in expected[name]["statements"]
            ]
            if name == ANNOUNCED:
                wanted = [(wanted[0][0], 0, 0, 0, None)]

            assert [figures(one) for one in read(folder, name).statements] == wanted, name

    def test_mt940(self, folder, expected):
        for name in named(expected, "mt940/"):
            found = [
                (account, count, credit - debit, is_balanced)
                for account, count, credit, debit, is_balanced in map(figures, read(folder, name).statements)
            ]
            wanted = [
                (one["account"] or "", one["tx"], Decimal(one["sum"]), one["reconciles"])
                for one in expected[name]["own_regex_per_message"]
            ]
            if name == WITHOUT_CURRENCY:
                wanted = [(*one[:3], True) for one in wanted]
            if name == WRAPPED:
                wanted = [("", 1, Decimal("30.00"), None)]

            assert found == wanted, name

    def test_ofx(self, folder, expected):
        for name in named(expected, "ofx/"):
            found = [figures(one) for one in read(folder, name).statements]
            wanted = expected[name]

            assert [one[0] for one in found] == wanted["accounts"], name
            assert sum(one[1] for one in found) == wanted["stmttrn"], name
            assert sum(one[2] for one in found) == Decimal(wanted["credit"]), name
            assert -sum(one[3] for one in found) == Decimal(wanted["debit"]), name

    def test_tables_of_chinese_banks_and_wallets(self, folder, expected):
        for name in named(expected, "china/"):
            (statement,) = read(folder, name).statements
            _, count, credit, debit, _ = figures(statement)
            wanted = expected[name]
            if "by_direction" in wanted:
                sides = wanted["by_direction"]
                neutral = next(sides[key] for key in ("不计收支", "/") if key in sides)

                assert count == sides["收入"][0] + sides["支出"][0], name
                assert (credit, debit) == (Decimal(sides["收入"][1]), Decimal(sides["支出"][1])), name
                assert f"{neutral[0]} rows" in statement.notes[0].en, name
                assert neutral[1] in statement.notes[0].en, name
            else:
                assert (count, credit, -debit) == (
                    wanted["rows"],
                    Decimal(wanted["in"]),
                    Decimal(wanted["out"]),
                ), name

    def test_bai2_keeps_its_control_totals(self, folder):
        one = [figures(statement)[1:4] for statement in read(folder, "bai2/moov__sample1.txt").statements]
        other = read(folder, "bai2/moov__sample2.txt").statements

        assert one == [
            (11, Decimal("2085.00"), Decimal("2085.00")),
            (6, Decimal("1115.00"), Decimal("1115.00")),
        ]
        assert [len(statement.entries) for statement in other] == [1, 1, 2, 0, 0]

    def test_generic_tables(self, folder):
        for name in ("srousseau__csv_european_decimals.csv", "srousseau__csv_spanish_headers.csv"):
            (statement,) = read(folder, f"csv_generic/{name}").statements

            assert figures(statement)[1:4] == (3, Decimal("3500.00"), Decimal("1239.06")), name
