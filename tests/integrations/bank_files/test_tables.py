"""Tables by column profiles: every profile that ships reads its own example, and guesses are never silent."""

from datetime import date
from decimal import Decimal

import pytest

from tradecredit.core.cash_application import statements
from tradecredit.core.cash_application.statements import BankFile
from tradecredit.flows.cash.incoming_statements import UnableToReadBankFileError
from tradecredit.integrations.bank_files import profiles, reading

SHIPPED = profiles.shipped()
BASE = "columns: {booking_date: [Day], amount: [Sum], text: [What]}\n"


def read(text: str, *, encoding: str = "utf-8", **more):
    file = BankFile(name="x.csv", data=text.encode(encoding), account=more.pop("account", "EX-1"), **more)
    return reading.read(file, profiles=SHIPPED)


class TestShippedProfiles:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    @pytest.mark.parametrize("name", sorted(SHIPPED))
    def test_reads_its_own_example_and_is_guessed(self, name, encoding):
        example = SHIPPED[name].example

        found = read(example["text"], encoding=encoding, account="")

        (statement,) = found.statements
        check = statements.check(statement)
        assert found.profile == name
        assert {
            "account": statement.account,
            "currency": statement.currency,
            "entries": len(statement.entries),
            "credit": f"{check.credit:f}",
            "debit": f"{check.debit:f}",
            **({"balanced": check.is_balanced} if check.is_balanced is not None else {}),
        } == example["expected"]


class TestStyles:
    def test_the_newest_first_is_turned_round(self):
        found = read(SHIPPED["icbc"].example["text"])

        days = [entry.booking_date for entry in found.statements[0].entries]
        assert days == [date(2026, 3, 4), date(2026, 3, 5)]

    def test_the_year_of_the_title_counts_across_its_end(self):
        text = (
            "账号,6200000000000007\n账户明细 2025-12-15 至 2026-01-14\n交易日期,支出,收入,账户余额,币种,摘要,对方账号,对方户名\n"
            "12-31,0.00,1.00,1.00,人民币,a,1,示例\n01-02,0.00,2.00,3.00,人民币,b,1,示例\n"
        )

        (statement,) = read(text, account="").statements

        assert [entry.booking_date for entry in statement.entries] == [date(2025, 12, 31), date(2026, 1, 2)]

    def test_a_head_of_two_rows_is_read_as_one(self):
        text = "日期,发生额,,余额,对方户名\n,借方,贷方,,\n2026-03-02,,5.00,15.00,示例甲\n2026-03-03,2.00,,13.00,示例乙\n"
        profile = (
            "columns: {booking_date: [日期], money_out: [发生额借方], money_in: [发生额贷方], balance: [余额],"
            " counterparty: [对方户名]}\ncurrency: CNY\n"
        )

        (statement,) = read(text, profile=profile).statements

        assert [entry.amount.amount for entry in statement.entries] == [Decimal(5), Decimal(-2)]
        assert statements.check(statement).is_balanced is True

    @pytest.mark.parametrize(
        ("rows", "amounts"),
        [
            ("2026-03-02,借,5.00\n2026-03-03,贷,7.00", [-5, 7]),
            ("2026-03-02,借,-5.00\n2026-03-03,贷,7.00", [-5, 7]),
            ("2026-03-02,借,-5.00\n2026-03-03,借,7.00", [5, -7]),
        ],
    )
    def test_directions_give_signs_however_amounts_are_written(self, rows, amounts):
        (statement,) = read(f"交易日期,借贷,金额\n{rows}\n", currency="CNY").statements

        assert [entry.amount.amount for entry in statement.entries] == amounts

    def test_totals_at_the_foot_are_held_against_the_rows(self):
        text = SHIPPED["corporate"].example["text"].replace('合计,"3,000.00"', '合计,"3,000.01"')

        (statement,) = read(text, account="").statements

        assert statements.check(statement).is_balanced is False

    def test_rows_of_several_accounts_become_several_statements(self):
        text = "Date;Amount;Own account\n2026-03-02;1,00;A-11111111\n2026-03-02;-2,00;B-22222222\n"

        found = read(text, account="", currency="EUR")

        assert [(one.account, one.entries[0].amount.amount) for one in found.statements] == [
            ("A-11111111", 1),
            ("B-22222222", -2),
        ]


class TestRefusals:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("Date;Amount\n2026-03-02;1,00\n2026-03-03;2,00\n", "All amounts are positive"),
            ("Date;Amount\n03/04/2026;1,00\n05/06/2026;-2,00\n", "Say `days`"),
            ("Date;Amount\n2026-03-02;1,00\n2026-03-03;-2.50\n", "Say `days` .* or `numbers`"),
            ("交易日期,借贷,金额\n2026-03-02,左,5.00\n", "row 2: the direction “左” is unknown"),
            (
                "交易日期,收入,支出\n2026-03-02,1.00,2.00\n",
                "row 2: the row has money coming in and going out",
            ),
            ("Date;Amount\n2026-03-02;-1,00\nyesterday;5,00\n", "row 3: “yesterday” is not a day"),
            ("Date;Amount\n2026-03-02;-1,00\n2026-03-02;lots\n", "row 3: “lots” is not a amount|row 3"),
            ("交易日期,收入,支出\n03-02,1.00,\n", "no year"),
        ],
    )
    def test_says_the_place_and_what_to_do(self, text, message):
        with pytest.raises(UnableToReadBankFileError, match=message):
            read(text, currency="EUR")

    def test_a_file_that_fits_two_profiles_is_refused(self):
        one = profiles.parse("name: one\nsignature: [Day, Sum]\n" + BASE, source="one")
        other = profiles.parse(
            "name: two\nsignature: [Day, Sum]\ncolumns: {booking_date: [Day], amount: [Sum], reference: [What]}\n",
            source="two",
        )
        file = BankFile(name="x.csv", data=b"Day;Sum;What\n2026-03-02;-1;x\n", account="1")

        with pytest.raises(UnableToReadBankFileError, match="several column profiles: one, two"):
            reading.read(file, profiles={"one": one, "two": other})

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("columns: [", "YAML"),
            ("- a", "name: …"),
            ("name: x\ncolour: red\n" + BASE, "colour"),
            ("columns: {booking_date: [Day]}", "money_in"),
            ("columns: {booking_date: [Day], amount: [Sum], shoe: [Size]}", "columns.shoe"),
            ("days: y-m-d\n" + BASE, "days"),
        ],
    )
    def test_a_wrong_profile_names_its_place(self, text, message):
        with pytest.raises(UnableToReadBankFileError, match=message):
            read("Day;Sum\n2026-03-02;-1\n", profile=text + "\n")

    def test_an_unknown_profile_lists_the_known_ones(self):
        with pytest.raises(UnableToReadBankFileError, match="choose from abc, alipay"):
            read("Day;Sum\n", profile="nobody")
