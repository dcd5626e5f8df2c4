"""Broken policy texts: what the judge of them sees, and that it can see a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factories.decision_models import decision, literal, xml
from tradecredit.flows.rehearsal import fuzz_language

if TYPE_CHECKING:
    import pytest

MODELS = [xml(decision("d", literal("1 + 1")))]


class TestFuzz:
    def test_a_few_hundred_are_read_or_refused_in_words(self):
        report = fuzz_language.fuzz(models=MODELS, count=300, seed=5)

        assert report.failures == []
        assert report.texts == report.read + report.refused == sum(report.by_kind.values()) == 300
        assert 0 < report.read < report.refused

    def test_a_seed_breaks_the_same_way_again(self):
        one, other = (fuzz_language.fuzz(models=MODELS, count=60, seed=9) for _ in range(2))

        assert (one.read, one.refused, one.by_kind) == (other.read, other.refused, other.by_kind)

    def test_without_the_bound_on_depth_it_crashes(self):
        report = fuzz_language.fuzz(models=MODELS, count=400, seed=3, is_unbounded=True)

        assert report.crashes > 0
        assert "RecursionError" in report.failures[0]

    def test_a_text_written_as_another_is_seen(self, monkeypatch: pytest.MonkeyPatch):
        monkeypatch.setattr(fuzz_language.writing, "quoted", lambda plain: f'"{plain}x"')

        report = fuzz_language.fuzz(models=MODELS, count=100, seed=5)

        assert report.wrong > 0
