"""Each format read from invented files: amounts, signs, days, references, who, and what stands at the edges."""

from datetime import date
from decimal import Decimal

import pytest

from factories.bank_files import camt, mt940, ntry, tx
from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import BankFile, StatementKind
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.flows.rehearsal import bank_file_seeds
from tradecredit.integrations.bank_files import camt as camt_files
from tradecredit.integrations.bank_files import profiles, reading, wire

SEEDS = bank_file_seeds.seeds()


def read(data: bytes | BankFile, **more):
    file = data if isinstance(data, BankFile) else BankFile(name="x", data=data, **more)
    return reading.read(file, profiles=profiles.shipped())


def only(data, **more):
    (statement,) = read(data, **more).statements
    return statement


def figures(statement) -> tuple:
    check = statements.check(statement)
    return len(statement.entries), f"{check.credit:f}", f"{check.debit:f}", check.is_balanced


class TestEveryFormat:
    @pytest.mark.parametrize(
        ("form", "place", "name", "expected"),
        [
            ("camt", 0, "camt.053", (2, "120.50", "20.25", True)),
            ("camt", 1, "camt.052", (2, "120.50", "20.25", None)),
            ("camt", 2, "camt.054", (2, "120.50", "20.25", None)),
            ("mt940", 0, "mt940", (3, "100.50", "25.25", True)),
            ("mt940", 1, "mt940", (3, "100.50", "25.25", True)),
            ("mt940", 2, "mt942", (1, "7.00", "0", True)),
            ("ofx", 0, "ofx", (2, "10.50", "3.25", None)),
            ("ofx", 1, "ofx", (1, "1.00", "0", None)),
            ("bai2", 0, "bai2", (2, "100.00", "50.00", True)),
            *(("csv", place, "csv", (3, "170.50", "30.25", True)) for place in range(4)),
            ("xlsx", 0, "xlsx", (3, "170.50", "30.25", True)),
        ],
    )
    def test_gives_counts_sums_and_the_check(self, form, place, name, expected):
        found = read(SEEDS[form][place])

        assert found.format == name
        assert figures(found.statements[0]) == expected

    @pytest.mark.parametrize("form", sorted(SEEDS))
    def test_travels_out_of_the_child_unchanged(self, form):
        import json

        for data in SEEDS[form]:
            found = read(data, account="EXAMPLE-1", currency="EUR")

            assert wire.load(json.loads(wire.dump(found))) == found


class TestCamt:
    def test_reads_who_what_for_and_the_references(self):
        (entry, _) = only(SEEDS["camt"][0]).entries

        assert (entry.counterparty, entry.text, entry.end_to_end, entry.bank_reference) == (
            "示例 GmbH",
            "INV-1001",
            "E1001",
            "REF1001",
        )

    @pytest.mark.parametrize("version", ["02", "04", "06", "08", "13"])
    def test_reads_whatever_version_by_local_names(self, version):
        data = SEEDS["camt"][0].replace(b"053.001.08", f"053.001.{version}".encode())

        assert figures(only(data)) == (2, "120.50", "20.25", True)

    def test_what_is_only_announced_is_no_movement(self):
        pending = ntry("5.00", tx()).replace("<Cd>BOOK</Cd>", "PDNG")

        found = only(camt(pending, ntry("1.00", tx()), opening="0.00", closing="1.00"))

        assert (len(found.entries), found.pending) == (1, 1)

    @pytest.mark.parametrize(
        ("more", "sign", "is_return"),
        [
            ("<RvslInd>true</RvslInd>", "DBIT", True),
            ("<RvslInd>false</RvslInd>", "DBIT", False),
            ("", "CRDT", False),
        ],
    )
    def test_knows_a_reversal(self, more, sign, is_return):
        (entry,) = only(camt(ntry("5.00", tx(), sign=sign, more=more))).entries

        assert (entry.is_return, entry.amount.is_positive) == (is_return, sign == "CRDT")

    def test_a_batch_in_another_currency_is_not_split(self):
        batch = ntry("9.00", tx("4.00", currency="USD"), tx("5.00", currency="USD"))

        (entry,) = only(camt(batch)).entries

        assert statements.transactions(entry) == (entry,)

    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "DTD"),
            ("<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a><a/>".encode("utf-16"), "DTD"),
            (b"<?xml version='1.0' encoding='EBCDIC-CP-US'?><a/>", "encoding"),
            (b"<?xml version='1.0'?>" + b"<a>" * 100, "nested too deeply"),
            (b"<?xml version='1.0'?><a>&undefined;</a>", "line 1: the XML is broken"),
            (b"<?xml version='1.0'?><Document/>", "no statement"),
        ],
    )
    def test_refuses_hostile_and_broken_xml(self, data, message):
        with pytest.raises(UnableToReadBankFileError, match=message):
            read(data)

    @pytest.mark.parametrize(
        "data",
        [
            "<?xml version='1.0' encoding='UTF-6'?><Document/>".encode("utf-16-le"),
            f"<?xml version='1.0' encoding='UTF{'1E999999' * 40}'?><Document/>".encode(),
        ],
        ids=["two bytes a letter", "a very long name"],
    )
    def test_refuses_an_encoding_that_nobody_knows(self, data):
        with pytest.raises(UnableToReadBankFileError, match="names an encoding that nobody knows"):
            camt_files.read(data)

    def test_names_the_entry_that_is_wrong(self):
        with pytest.raises(UnableToReadBankFileError, match="Ntry 2: “1,5” is not an amount"):
            read(camt(ntry("1.00", tx()), ntry("1,5", tx())))


class TestMt940:
    def test_reads_sub_fields_slash_marks_and_returns(self):
        credit, debit, returned = only(SEEDS["mt940"][0]).entries

        assert (credit.counterparty, credit.text, credit.end_to_end) == (
            "示例 GmbH",
            "GUTSCHRIFT INV-1",
            "E1",
        )
        assert (debit.counterparty, debit.text, debit.end_to_end) == ("示例物业", "rent", "E2")
        assert (returned.amount.amount, returned.is_return) == (Decimal("-5.00"), True)

    @pytest.mark.parametrize(
        ("movement", "booked", "value"),
        [
            (":61:2512310102C1,00NTRF", date(2026, 1, 2), date(2025, 12, 31)),
            (":61:2601011231C1,00NTRF", date(2025, 12, 31), date(2026, 1, 1)),
            (":61:260230C1,00NTRF", date(2026, 2, 28), date(2026, 2, 28)),
            (":61:240230C1,00NTRF", date(2024, 2, 29), date(2024, 2, 29)),
        ],
    )
    def test_knows_the_year_of_the_booking_day(self, movement, booked, value):
        (entry,) = only(mt940(movement)).entries

        assert (entry.booking_date, entry.value_date) == (booked, value)

    @pytest.mark.parametrize(
        ("mark", "amount"), [("C", "1"), ("D", "-1"), ("RC", "-1"), ("RD", "1"), ("CR", "1")]
    )
    def test_gives_amounts_their_sign(self, mark, amount):
        (entry,) = only(mt940(f":61:260302{mark}1,NTRF")).entries

        assert entry.amount.amount == Decimal(amount)

    def test_names_the_line_that_is_wrong(self):
        with pytest.raises(UnableToReadBankFileError, match="line 5: the movement “26x” cannot be read"):
            read(mt940(":61:26x"))


class TestOfx:
    def test_reads_open_and_closed_tags(self):
        first, _ = only(SEEDS["ofx"][0]).entries
        (second,) = only(SEEDS["ofx"][1]).entries

        assert (first.counterparty, first.bank_reference) == ("Example Inc", "F1001")
        assert (second.counterparty, second.bank_reference) == ("A & B", "G1001")

    def test_refuses_a_file_that_is_cut_off(self):
        data = SEEDS["ofx"][0]

        with pytest.raises(UnableToReadBankFileError, match="cut off"):
            read(data[: data.index(b"<FITID>F1002")])


class TestBai2:
    def test_reads_continuations_and_value_days(self):
        first, _ = only(SEEDS["bai2"][0]).entries

        assert (first.text, first.bank_reference, first.value_date) == (
            "INV-1,MORE WORDS",
            "BREF1",
            date(2026, 3, 3),
        )

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (b"16,108,10000,", b"16,108,10001,", "control total says 220000, the records make 220001"),
            (b"49,220000,5/", b"49,220000,4/", "control total says 4"),
            (b"99,220000,1,9/\n", b"", "no trailer"),
            (b"16,409", b"17,409", "no record of the format"),
        ],
    )
    def test_a_control_total_that_is_not_met_refuses_the_file(self, old, new, message):
        with pytest.raises(UnableToReadBankFileError, match=message):
            read(SEEDS["bai2"][0].replace(old, new))


class TestReading:
    @pytest.mark.parametrize(
        ("data", "message"),
        [
            (b"", "empty"),
            (b" \r\n", "empty"),
            (b"abc\0def" * 10, "no text"),
            (b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
            (b"PK\x03\x04 nothing", "damaged"),
        ],
    )
    def test_refuses_what_is_no_statement(self, data, message):
        with pytest.raises(UnableToReadBankFileError, match=message):
            read(data)

    def test_a_mark_before_the_first_letter_changes_nothing(self):
        data = b"\xef\xbb\xbf" + SEEDS["camt"][0]

        assert read(data).format == "camt.053"

    def test_the_kinds_of_statement_are_told_apart(self):
        kinds = [read(data).statements[0].kind for data in SEEDS["camt"]]

        assert kinds == [StatementKind.STATEMENT, StatementKind.REPORT, StatementKind.NOTIFICATION]
