"""Our figures on the two samples that other tools publish theirs for."""

from __future__ import annotations

import csv
import gzip
import itertools
import json
from decimal import Decimal

import numpy as np
import pytest

from tradecredit.core.scoring import evidence, ranges, separation, stability
from tradecredit.core.scoring.evidence import Count
from tradecredit.core.scoring.ranges import Edge, Range
from tradecredit.core.scoring.separation import Observation


def read(path):
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def expected(shared_data):
    rows = json.loads((shared_data / "worked_examples" / "worked_examples.json").read_text())
    return {row["id"]: row.get("expected") for row in rows}


def between(*edges: str) -> list[Range]:
    lines = [Decimal(edge) for edge in edges]
    inner = [
        Range(Edge(low, included=True), Edge(high, included=False)) for low, high in itertools.pairwise(lines)
    ]
    first, last = Edge(lines[0], included=False), Edge(lines[-1], included=True)
    return [Range(upper=first), *inner, Range(lower=last)]


@pytest.mark.realdata
class TestGermanCredit:
    def test_information_values_are_the_published_ones(self, shared_data, expected):
        rows = read(shared_data / "credit_germancredit" / "germancredit.csv.gz")
        is_bad = [row["creditability"] == "bad" for row in rows]
        published = expected["scorecard_iv_germancredit_categorical"]

        found = {
            name: evidence.by_value([row[name] for row in rows], outcomes=is_bad).values()
            for name in published
        }

        assert {name: round(evidence.information_value(list(each)), 6) for name, each in found.items()} == {
            name: Decimal(str(value)) for name, value in published.items()
        }

    def test_weights_of_property_are_the_published_ones_with_the_other_sign(self, shared_data, expected):
        rows = read(shared_data / "credit_germancredit" / "germancredit.csv.gz")
        counts = evidence.by_value(
            [row["property"] for row in rows], outcomes=[row["creditability"] == "bad" for row in rows]
        )

        found = dict(zip(counts, evidence.measure(list(counts.values())), strict=True))

        for name, goods, bads, weight, value in expected["scorecard_woe_property"]:
            each = found[name]
            assert (each.count.goods, each.count.bads) == (goods, bads)
            assert (round(-each.weight, 6), round(each.value, 6)) == (
                Decimal(str(weight)),
                Decimal(str(value)),
            )


class TestToadsOwnTests:
    """500 numbers of a seeded generator, with the figures that the unit tests of toad state for them."""

    @pytest.fixture
    def sample(self):
        random = np.random.RandomState(1)
        feature, target = random.rand(500), random.randint(2, size=500)
        return [Decimal(repr(float(each))) for each in feature], [bool(each) for each in target], random

    def test_ks_and_auc_are_the_published_ones(self, sample):
        feature, target, _ = sample
        # There a higher score means worse, here better.
        found = separation.measure(
            [Observation(score=-score, is_bad=is_bad) for score, is_bad in zip(feature, target, strict=True)]
        )

        assert round(found.ks, 12) == round(Decimal("0.05536775661256989"), 12)
        assert round(found.auc.value, 12) == round(Decimal("0.5038690142424582"), 12)

    def test_psi_is_the_published_one(self, sample):
        feature, _, random = sample
        base = [Decimal(repr(float(number))) for number in random.rand(500)]
        groups = between("0.3", "0.5", "0.7")

        found = stability.index(
            expected=stability.counts_in(base, groups=groups),
            actual=stability.counts_in(feature, groups=groups),
        )

        assert ranges.gaps_and_overlaps(groups) == ()
        assert round(found, 12) == round(Decimal("0.018630024627491467"), 12)


@pytest.mark.realdata
class TestToadSample:
    """The file of 500 customers with gaps; the figures are those of toad 0.1.7 run on it (AUC: bads have more)."""

    @pytest.fixture
    def rows(self, shared_data):
        return read(shared_data / "scorecard_toad_testdata" / "test_data.csv.gz")

    @pytest.mark.parametrize(
        ("column", "ks", "auc"),
        [
            ("A", "0.12051971326164874", "0.5432667690732207"),
            ("B", "0.050627240143369175", "0.4876632104454685"),
            ("D", "0.1169994879672299", "0.5351862519201229"),
        ],
    )
    def test_ks_and_auc_with_gaps_as_the_lowest_value(self, rows, column, ks, auc):
        found = separation.measure(
            [Observation(score=-Decimal(row[column] or -99), is_bad=row["target"] == "1") for row in rows]
        )

        assert (round(found.ks, 12), round(found.auc.value, 12)) == (
            round(Decimal(ks), 12),
            round(Decimal(auc), 12),
        )
        assert found.count == Count(goods=252, bads=248)

    def test_information_value_of_five_bins_and_the_gaps(self, rows):
        groups = between("0.2", "0.4", "0.6", "0.8")
        values = [None if row["A"] == "" else Decimal(row["A"]) for row in rows]
        counts = evidence.by_value(
            [
                -1 if value is None else next(at for at, one in enumerate(groups) if one.contains(value))
                for value in values
            ],
            outcomes=[row["target"] == "1" for row in rows],
        )

        assert round(evidence.information_value(list(counts.values())), 12) == round(
            Decimal("0.041530581493681155"), 12
        )

    def test_psi_of_the_second_half_against_the_first(self, rows):
        groups = between("0.2", "0.4", "0.6", "0.8")
        values = [None if row["A"] == "" else Decimal(row["A"]) for row in rows]

        found = stability.index(
            expected=stability.counts_in(values[250:], groups=groups),
            actual=stability.counts_in(values[:250], groups=groups),
        )

        assert round(found, 12) == round(Decimal("0.03304898484662418"), 12)
