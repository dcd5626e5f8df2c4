from __future__ import annotations

from decimal import Decimal

import pytest

from factories import decision_models as models
from tradecredit.core.decision_tables import reading, writing
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import UnableToReadModelError

MODEL = (
    '<itemDefinition name="等级"><typeRef>string</typeRef><allowedValues><text>"A","B"</text></allowedValues></itemDefinition>'
    + models.fact("天数", "number")
    + models.decision(
        "结论",
        models.table(
            ["天数"], ["结果"], ['<= 30 | "放行"', '> 30 | "冻结"'], values='"放行","冻结"', default='"人工"'
        ),
        needs=models.needs("天数"),
        type_ref="string",
    )
)


class TestWrite:
    @pytest.mark.parametrize("version", ["1.3", "1.4", "1.5"])
    def test_what_is_written_is_read_again(self, version):
        definitions = reading.read(models.xml(MODEL))
        assert reading.read(writing.write(definitions, version=version)) == definitions

    def test_what_is_written_decides_the_same(self):
        text = writing.write(reading.read(models.xml(MODEL)))
        assert Model(reading.read(text)).decide("结论", {"天数": Decimal(31)}).value == "冻结"

    def test_signs_of_xml_in_a_cell_are_kept(self):
        body = models.decision("d", models.literal('if 1 < 2 and 3 > 2 then "a & b" else "c"'))
        text = writing.write(reading.read(models.xml(body)))
        assert "&lt; 2" in text
        assert Model(reading.read(text)).decide("d", {}).value == "a & b"

    def test_refuses_a_version_that_does_not_exist(self):
        with pytest.raises(KeyError):
            writing.write(reading.read(models.xml(MODEL)), version="2.0")

    def test_every_model_of_the_standards_suite_survives(self, shared_data):
        differing, count = [], 0
        for path in sorted((shared_data / "dmn_tck").rglob("*.dmn")):
            try:
                definitions = reading.read(path.read_text(encoding="utf-8"))
            except UnableToReadModelError:
                continue
            count += 1
            if reading.read(writing.write(definitions, version="1.5")) != definitions:
                differing.append(path.name)
        assert differing == []
        assert count > 0
