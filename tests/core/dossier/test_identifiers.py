from datetime import date

import pytest

from tradecredit.core.dossier import identifiers

AS_OF = date(2026, 11, 22)


class TestCheckUscc:
    @pytest.mark.parametrize(
        "text",
        [
            "91110000600037341L",
            "91110000600037341l",
            " 9111 0000 6000-37341L ",
            "９１１１００００６０００３７３４１Ｌ",
        ],
    )
    def test_accepts_a_valid_code_however_it_is_typed(self, text):
        checked = identifiers.check_uscc(text)

        assert checked.code == "91110000600037341L"
        assert checked.problem is None

    def test_accepts_a_registering_body_letter(self):
        body = "N2110000MA0000000"
        code = body + identifiers.uscc.calc_check_digit(body)

        assert identifiers.check_uscc(code).code == code

    def test_offers_the_code_without_letters_that_no_code_has(self):
        checked = identifiers.check_uscc("9IIIOOOO6OOO3734IL")

        assert checked.code is None
        assert checked.suggestion == "91110000600037341L"
        assert "Is it 91110000600037341L?" in checked.problem.en

    def test_says_that_the_check_character_does_not_fit(self):
        checked = identifiers.check_uscc("91110000600037341M")

        assert checked.code is None
        assert checked.suggestion is None
        assert "check character" in checked.problem.en

    @pytest.mark.parametrize("text", ["9.14E+17", "9.11100006E+17", "911100006000373000"])
    def test_says_that_a_spreadsheet_ate_the_digits(self, text):
        assert "spreadsheet" in identifiers.check_uscc(text).problem.en

    def test_says_how_long_a_short_code_is(self):
        assert "this one has 15" in identifiers.check_uscc("110000600037341").problem.en

    def test_only_warns_when_the_organisation_code_inside_is_wrong(self):
        body = "91110000600037342"
        code = body + identifiers.uscc.calc_check_digit(body)

        checked = identifiers.check_uscc(code)

        assert checked.is_valid
        assert "9 to 17" in checked.warning.en
        assert identifiers.check_uscc("91110000600037341L").warning is None

    def test_catches_every_single_character_error(self):
        good = "91110000600037341L"
        alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
        wrong = [
            good[:place] + char + good[place + 1 :]
            for place in range(18)
            for char in alphabet
            if char != good[place]
        ]

        assert len(wrong) == 540
        assert not any(identifiers.check_uscc(code).is_valid for code in wrong)


class TestCheckResidentId:
    def test_accepts_the_published_example(self):
        assert identifiers.check_resident_id("11010519491231002x", as_of=AS_OF).code == "11010519491231002X"

    @pytest.mark.parametrize(
        ("number", "why"),
        [
            ("110105194912310021", "check digit"),
            ("110105194902310028", "no such day"),
            ("110105203012310027", "in the future"),
            ("11010519491231002", "17 characters"),
            ("1101051949123X002X", "first 17"),
        ],
    )
    def test_says_what_is_wrong_without_showing_the_number(self, number, why):
        problem = identifiers.check_resident_id(number, as_of=AS_OF).problem

        assert why in problem.en
        assert number not in problem.en
        assert number not in problem.zh


class TestMask:
    def test_shows_three_and_four(self):
        assert identifiers.mask("11010519491231002X") == "110***********002X"

    def test_hides_short_numbers_altogether(self):
        assert identifiers.mask("1234567") == "*******"
