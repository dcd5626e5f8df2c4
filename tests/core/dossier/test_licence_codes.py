"""Codes on licences: a number counts when its check character fits, a name when it is marked as one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from tradecredit.core.dossier import licence_codes

BODY = "91500000MA5EXAMP1"[:17].replace("EXAMP", "X2A3P")
NUMBER = BODY + uscc.calc_check_digit(BODY)
OTHER_BODY = "91500000MA5X2A3P2"
OTHER = OTHER_BODY + uscc.calc_check_digit(OTHER_BODY)


class TestRead:
    @pytest.mark.parametrize(
        "text",
        [
            f"名称:示例五金有限公司;统一社会信用代码:{NUMBER};注册资本:500万元",
            f"统一社会信用代码：{NUMBER.lower()}，企业名称：示例五金有限公司，法定代表人：示例甲",
            f"https://register.example.com/q?uniscid={NUMBER}&entName=%E7%A4%BA%E4%BE%8B%E4%BA%94%E9%87%91%E6%9C%89%E9%99%90%E5%85%AC%E5%8F%B8",
        ],
    )
    def test_finds_name_and_number_in_a_line_of_fields_and_in_an_address(self, text: str):
        found = licence_codes.read([text])
        assert (found.name, found.uscc) == ("示例五金有限公司", NUMBER)

    def test_a_number_whose_check_character_does_not_fit_is_none(self):
        wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
        assert licence_codes.read([f"统一社会信用代码:{wrong}"]).is_empty

    def test_an_address_that_only_leads_to_the_register_says_nothing_of_the_company(self):
        found = licence_codes.read(["https://register.example.com/c/7F3A"])
        assert (found.is_empty, found.address) == (True, "https://register.example.com/c/7F3A")

    def test_of_two_companies_in_one_picture_neither_is_taken(self):
        found = licence_codes.read([f"名称:示例甲厂;{NUMBER}", f"名称:示例乙厂;{OTHER}"])
        assert found.is_empty

    def test_the_same_company_twice_is_one(self):
        assert licence_codes.read([NUMBER, f"code {NUMBER}"]).uscc == NUMBER

    @given(st.lists(st.text(max_size=200), max_size=3))
    def test_whatever_is_printed_is_read_without_a_crash_and_only_valid_numbers_come_out(
        self, texts: list[str]
    ):
        found = licence_codes.read(texts)
        assert found.uscc == "" or uscc.is_valid(found.uscc)
