"""Sample files of banks and of other projects against independent counts; read where they lie, never copied.

Where ours differs from the independent reader, ours is argued for beside the case.
"""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.core.kernel.money import Money
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
# References that say that there is none: no reference for us (two of them stand in these files).
NOT_PROVIDED = {"camt/viafintech__052_valid_example.xml": 1, "camt/viafintech__053_valid_example.xml": 1}
# Counted by hand: the independent reader knows neither format.
WITHOUT_COUNTS = {
    "bai2/moov__sample1.txt",
    "bai2/moov__sample2.txt",
    "csv_generic/srousseau__csv_european_decimals.csv",
    "csv_generic/srousseau__csv_spanish_headers.csv",
}
# Of no balance is it said that it is the opening one: where OPBD is missing, what the day before closed with counts.
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
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


def balance(wanted: dict, kinds: tuple[str, ...]) -> Money | None:
    """Return the independent reader's balance of the first kind that stands in the statement."""
    for kind in kinds:
        for name, amount, currency, side, _ in wanted["balances"]:
            if name == kind:
                return Money(Decimal(amount) * (1 if side == "CRDT" else -1), currency)
    return None


class TestSamples:
    def test_every_file_of_the_folder_is_counted(self, folder, expected):
        with (folder / "MANIFEST.csv").open(encoding="utf-8", newline="") as manifest:
            files = {row["file"] for row in csv.DictReader(manifest)}

        assert files == set(expected) | WITHOUT_COUNTS
        assert files == {
            str(path.relative_to(folder))
            for path in folder.rglob("*")
            if path.is_file() and path.parent != folder
        }

    def test_what_does_not_reconcile_is_said_not_to(self, folder, expected):
        flagged = {
            (name, place)
            for name, wanted in expected.items()
            for place, one in enumerate(wanted.get("statements") or wanted.get("own_regex_per_message") or ())
            if one["reconciles"] is False
        }
        ours = {
            (name, place)
            for name in {name for name, _ in flagged}
            for place, statement in enumerate(read(folder, name).statements)
            if statements.check(statement).is_balanced is False
        }

        assert len(flagged) == 14
        assert ours == flagged

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

    def test_transactions_and_balances_of_camt(self, folder, expected):
        for name in named(expected, "camt/"):
            if name == ANNOUNCED:
                continue
            for statement, wanted in zip(
                read(folder, name).statements, expected[name]["statements"], strict=True
            ):
                parts = [part for entry in statement.entries for part in entry.parts or (entry,)]
                ids = wanted["end_to_end_ids"] - NOT_PROVIDED.get(name, 0)

                # An entry without any details is one transaction, too.
                assert len(parts) == max(wanted["tx_details"], wanted["entries"]), name
                assert sum(bool(part.end_to_end) for part in parts) == ids, name
                assert (
                    sorted({entry.amount.currency for entry in statement.entries}) == wanted["currencies"]
                ), name
                assert sum(entry.is_return for entry in statement.entries) == wanted["reversals"], name
                assert statement.opening == balance(wanted, OPENING), name
                assert statement.closing == balance(wanted, CLOSING), name

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

    def test_balances_of_mt940(self, folder, expected):
        for name in named(expected, "mt940/"):
            found = [
                tuple(side and (side.amount, side.currency) for side in (one.opening, one.closing))
                for one in read(folder, name).statements
            ]
            wanted = [
                tuple(side and (Decimal(side), one["currency"]) for side in (one["open"], one["close"]))
                for one in expected[name]["own_regex_per_message"]
            ]
            if name == WITHOUT_CURRENCY:
                found = [(opening, None) for opening, _ in found]

            assert found == wanted, name

    def test_ofx(self, folder, expected):
        for name in named(expected, "ofx/"):
            found = [figures(one) for one in read(folder, name).statements]
            wanted = expected[name]

            assert [one[0] for one in found] == wanted["accounts"], name
            assert sum(one[1] for one in found) == wanted["stmttrn"], name
            assert sum(one[2] for one in found) == Decimal(wanted["credit"]), name
            assert -sum(one[3] for one in found) == Decimal(wanted["debit"]), name
            ledgers = [one.closing.amount for one in read(folder, name).statements if one.closing]
            assert ledgers == [Decimal(said) for said in wanted["ledger_balances"] if said], name

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
