"""Reading YAML that nobody vouches for."""

from __future__ import annotations

import pytest
import yaml

from tradecredit.plumbing import yaml_texts


class TestRead:
    def test_returns_plain_values(self):
        assert yaml_texts.read("limit: '1000.00'\ndays: 30\nnames: [甲, 乙]\n") == {
            "limit": "1000.00",
            "days": 30,
            "names": ["甲", "乙"],
        }

    @pytest.mark.parametrize("opening", ["[", "{a: ", "- "])
    def test_refuses_a_hundred_thousand_levels_and_lives(self, opening):
        with pytest.raises(yaml.YAMLError, match="deeper than 100 levels"):
            yaml_texts.read(opening * 100_000)

    def test_takes_as_many_levels_as_it_says(self):
        deepest = "[" * yaml_texts.DEEPEST + "]" * yaml_texts.DEEPEST
        assert yaml_texts.read(deepest) is not None
        with pytest.raises(yaml_texts.TooDeepError):
            yaml_texts.read(f"[{deepest}]")

    def test_builds_no_objects(self):
        with pytest.raises(yaml.YAMLError):
            yaml_texts.read("!!python/object/apply:os.system ['true']")

    def test_says_where_a_text_is_broken(self):
        with pytest.raises(yaml.YAMLError, match="line 2"):
            yaml_texts.read("a: 1\n b: 2\n")


class TestReadPlain:
    def test_keeps_every_value_as_it_is_written(self):
        assert yaml_texts.read_plain("rate: 0.10\nis: yes\n") == {"rate": "0.10", "is": "yes"}
