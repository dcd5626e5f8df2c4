from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tradecredit.core.collections import customer_books, letters, texts
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.refusal import PolicyError

HEAD = letters.Letterhead(
    company_name="示例机电有限公司",
    customer_name="示例五金甲|有限公司",
    bank_account="示例银行 6222 0000",
    contact_name="王示例",
    contact_phone="021-00000000",
    contact_email="ar@example.com",
)


@pytest.fixture
def lines(five_pillars):
    item = customer_books.OpenItem(
        instalment_id="1",
        document="INV-1042",
        issued_date=date(2026, 2, 1),
        due_date=date(2026, 3, 1),
        open_amount=Money.of("82000.00", "CNY"),
    )
    return (
        customer_books.Line(
            item=item, step=five_pillars.step("stage-2"), days_overdue=9, asked=item.open_amount
        ),
    )


def _fields(lines, language):
    return letters.fields(
        head=HEAD,
        number="L-1",
        stage="催款函",
        lines=lines,
        total=Money.of("82000.00", "CNY"),
        letter_date=date(2026, 3, 10),
        pay_by_date=date(2026, 3, 17),
        earlier=(letters.EarlierLetter(label="友情提醒", sent_date=date(2026, 3, 2)),),
        language=language,
    )


class TestRender:
    def test_writes_amount_in_figures_and_capitals_with_the_items(self, lines):
        letter = letters.render(
            "# 催款 {{ total_figures }}\n\n{{ customer_name }}\n{{total_capitals}} {{ pay_by_date }}\n{{ item_table }}\n{{ earlier_letters }}",
            fields=_fields(lines, "zh"),
            language="zh",
            path="letters.x-zh",
        )

        assert letter.subject == "催款 CNY 82,000.00"
        assert letter.body == (
            "# 催款 CNY 82,000.00\n\n示例五金甲\\|有限公司\n人民币捌万贰仟元整 2026年3月17日\n"
            "| 单据号 | 到期日 | 逾期天数 | 应付金额 |\n| --- | --- | ---: | ---: |\n"
            "| INV-1042 | 2026年3月1日 | 9 | CNY 82,000.00 |\n- 2026年3月2日 友情提醒\n"
        )

    def test_writes_days_in_english(self, lines):
        letter = letters.render(
            "# Demand\n{{ pay_by_date }}", fields=_fields(lines, "en"), language="en", path="letters.x-en"
        )

        assert letter.body == "# Demand\n17 March 2026\n"

    @pytest.mark.parametrize(
        ("language", "body"), [("en", "1 item, 1 day (1, 1)\n"), ("zh", "1 笔, 1 天 (1, 1)\n")]
    )
    def test_counts_one_in_the_singular(self, lines, language, body):
        one_day_late = tuple(replace(line, days_overdue=1) for line in lines)
        template = "# X\n{{ item_count_words }}, {{ days_overdue_max_words }} ({{ item_count }}, {{ days_overdue_max }})"

        letter = letters.render(
            template, fields=_fields(one_day_late, language), language=language, path=f"letters.x-{language}"
        )

        assert letter.body == f"# X\n{body}"

    def test_counts_more_in_the_plural(self, lines):
        letter = letters.render(
            "# X\n{{ item_count_words }}, {{ days_overdue_max_words }}",
            fields=_fields((*lines, *lines), "en"),
            language="en",
            path="letters.x-en",
        )

        assert letter.body == "# X\n2 items, 9 days\n"

    def test_refuses_a_field_without_a_value(self):
        with pytest.raises(PolicyError) as refusal:
            letters.render("# X\n{{ bank_account }}", fields={}, language="en", path="letters.x-en")

        assert refusal.value.path == "letters.x-en"

    def test_never_fills_places_that_come_from_values(self, lines):
        values = _fields(lines, "en") | {"customer_name": "{{ bank_account }}"}

        letter = letters.render("# X\n{{ customer_name }}", fields=values, language="en", path="letters.x-en")

        assert letter.body == "# X\n{{ bank_account }}\n"


class TestCheckTemplate:
    @pytest.mark.parametrize(
        "template",
        [
            "# X\n{{ salary }}",
            "# X\n{{ Total }}",
            "# X\n{{ total_figures",
            "# X\n{% if a %}",
            "No heading",
            "# X\n{{ }}",
        ],
    )
    def test_refuses_unknown_fields_logic_and_missing_subjects(self, template):
        with pytest.raises(PolicyError) as refusal:
            letters.check_template(template, path="letters.formal-en")

        assert refusal.value.path == "letters.formal-en"


class TestCheckTemplates:
    def test_finds_every_letter_of_the_packs_in_both_languages(self, pack_letters):
        strategy, texts = pack_letters

        letters.check_templates(strategy=strategy, letters=texts)

        assert set(texts) == {f"{name}-{language}" for name in strategy.letters for language in ("zh", "en")}

    def test_names_the_letter_that_is_missing(self, pack_letters):
        strategy, texts = pack_letters
        del texts["final-en"]

        with pytest.raises(PolicyError) as refusal:
            letters.check_templates(strategy=strategy, letters=texts)

        assert refusal.value.path == "letters.final-en"

    def test_keeps_chinese_out_of_english_letters(self, pack_letters):
        _, texts = pack_letters

        chinese = [
            name
            for name, text in texts.items()
            if name.endswith("-en")
            and ("total_capitals" in text or any("\u4e00" <= sign <= "\u9fff" for sign in text))
        ]

        assert chinese == []

    def test_no_english_letter_says_1_items_or_1_days(self, pack_letters, lines):
        _, texts = pack_letters
        one_day_late = tuple(replace(line, days_overdue=1) for line in lines)
        values = _fields(one_day_late, "en")

        bodies = [
            letters.render(text, fields=values, language="en", path=f"letters.{key}").body
            for key, text in texts.items()
            if key.endswith("-en")
        ]

        assert [body for body in bodies if "1 items" in body or "1 days" in body] == []
        assert sum("1 item" in body for body in bodies) == 4


class TestFigures:
    @pytest.mark.parametrize(
        ("amount", "currency", "text"),
        [
            ("1234567.5", "CNY", "CNY 1,234,567.50"),
            ("-12.00", "USD", "USD -12.00"),
            ("1500", "JPY", "JPY 1,500"),
        ],
    )
    def test_groups_thousands(self, amount, currency, text):
        assert texts.figures(Money.of(amount, currency)) == text
