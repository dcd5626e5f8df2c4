"""Every code that the engine reports has its sentence in both languages, and no sentence is left over."""

from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

from tradecredit.core.feel import messages

CORE = Path(messages.__file__).parents[1]
SPOKEN = re.compile(r'"([a-z_]{5,})"')


class TestWords:
    def test_every_sentence_is_spoken_somewhere(self):
        spoken: set[str] = set()
        for room in ("feel", "decision_tables"):
            for path in (CORE / room).rglob("*.py"):
                if path.name != "messages.py":
                    spoken.update(SPOKEN.findall(path.read_text(encoding="utf-8")))

        assert messages.codes() - spoken == set()

    def test_both_languages_name_the_same_facts(self):
        for code in messages.codes():
            chinese, english = messages._TEXTS[code]
            places = [
                {name for _, name, _, _ in Formatter().parse(text) if name} for text in (chinese, english)
            ]
            assert places[0] == places[1], code

    def test_kinds_are_named_in_each_language(self):
        found = messages.words("not_comparable", left="number", right="string")

        assert found.zh == "数字与文字无法比较"
        assert found.en == "a number cannot be compared with a string"
