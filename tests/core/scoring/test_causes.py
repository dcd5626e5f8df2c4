"""Causes in words."""

from __future__ import annotations

from tradecredit.core.scoring import causes


class TestWordsOf:
    def test_names_what_the_house_knows_in_both_languages(self):
        found = causes.words_of("cash.applied")

        assert (found.zh, found.en) == ("回款核销", "payment applied")

    def test_shows_any_other_cause_as_written(self):
        assert causes.words_of("year-end review").en == "year-end review"
