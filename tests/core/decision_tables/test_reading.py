"""Decision models from XML, and XML that is refused."""

from __future__ import annotations

import pytest

from factories.decision_models import decision, literal, table, xml
from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables.model import UnableToReadModelError

BOMB = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><d>&b;</d>'
OUTSIDE = '<!DOCTYPE d SYSTEM "http://example.com/d.dtd"><d/>'


class TestRead:
    def test_gives_names_types_and_texts(self):
        found = reading.read(xml(decision("额度", literal("100 * 2"), type_ref="feel:number")))

        (only,) = found.elements
        assert (found.name, only.name, only.type_ref, only.logic.text) == (
            "信用",
            "额度",
            "number",
            "100 * 2",
        )

    def test_believes_the_text_not_its_encoding_line(self):
        text = xml(decision("额度", literal("1"))).replace("UTF-8", "GB18030")

        assert reading.read(text).elements[0].name == "额度"

    @pytest.mark.parametrize(
        ("text", "finding"),
        [
            (BOMB, "forbidden_xml"),
            (OUTSIDE, "forbidden_xml"),
            ("<definitions>", "not_xml"),
            ("", "not_xml"),
            ("<a>" * 100_000, "not_xml"),
            ("<html/>", "not_dmn"),
            ("<definitions/>", "not_dmn"),
            (xml('<decision id="x"/>'), "missing_attribute"),
            (xml(decision("x", literal("1")) * 2), "duplicate_name"),
            (xml(decision("x", table(["1"], ["a"], ["- | 1 | 2"]))), "wrong_rule_width"),
            (xml(decision("x", table(["1"], ["a"], ["- | 1"], policy="LAST"))), "unknown_hit_policy"),
        ],
    )
    def test_refuses_with_the_reason(self, text, finding):
        with pytest.raises(UnableToReadModelError) as refused:
            reading.read(text)

        assert refused.value.finding == finding
        assert refused.value.words.zh
