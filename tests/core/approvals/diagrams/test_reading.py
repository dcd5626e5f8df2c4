from __future__ import annotations

import json

import pytest

from factories import flows
from tradecredit.core.approvals.diagrams import reading
from tradecredit.core.approvals.diagrams.reading import UnableToReadFlowError


class TestRead:
    def test_gives_nodes_with_our_properties_and_arrows_with_conditions(self):
        drawn = reading.read(
            flows.diagram(
                {
                    "start": {"type": "startEvent"},
                    "way": {"type": "exclusiveGateway"},
                    "one": flows.person(roles="cfo"),
                },
                [("start", "way"), ("way", "one", "amount > 5"), ("way", "one")],
            )
        )

        assert drawn.nodes["one"].properties == {"who": "role", "roles": "cfo"}
        assert [(one.target, one.condition) for one in drawn.leaving("way")] == [
            ("one", "amount > 5"),
            ("one", ""),
        ]
        assert drawn.nodes["way"].default == "f2"
        assert drawn.counts == {
            "exclusiveGateway": 1,
            "process": 1,
            "sequenceFlow": 3,
            "startEvent": 1,
            "userTask": 1,
        }

    @pytest.mark.parametrize(
        "text",
        [
            "no xml",
            "<html/>",
            '<!DOCTYPE x [<!ENTITY a "b">]><definitions/>',
            '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>',
        ],
        ids=["no-xml", "another-root", "entities", "no-process"],
    )
    def test_refuses_what_is_no_diagram(self, text):
        with pytest.raises(UnableToReadFlowError) as refused:
            reading.read(text)

        assert refused.value.words.zh

    @pytest.mark.realdata
    def test_counts_the_reference_models_and_names_what_cannot_run(self, shared_data):
        folder = shared_data / "bpmn_miwg"
        expected = json.loads((folder / "EXPECTED_counts.json").read_text("utf-8"))
        for name, counts in expected.items():
            drawn = reading.read((folder / name).read_text("utf-8"))
            assert {kind: drawn.counts.get(kind, 0) for kind in counts} == counts, name
        sub = reading.read((folder / "A.3.0.bpmn").read_text("utf-8"))
        assert {one.type.split("/")[0] for one in sub.odd} == {"task", "subProcess", "boundaryEvent"}
