"""Which engine rates a portfolio, and what is said when it is not there."""

from __future__ import annotations

import builtins
import shutil

import pytest

from tradecredit.analytics.compiled import engines


@pytest.fixture(autouse=True)
def _fresh():
    engines.of_name.cache_clear()
    yield
    engines.of_name.cache_clear()


def test_duckdb_unless_told_otherwise():
    assert isinstance(engines.chosen(), engines.DuckDB)


def test_an_unknown_engine_is_refused_with_those_that_are_known(settings):
    settings.PORTFOLIO_ENGINE = "sparkle"

    with pytest.raises(engines.UnableToUseEngineError) as refusal:
        engines.chosen()

    assert "sparkle" in refusal.value.words.zh
    assert "duckdb" in refusal.value.words.en


def test_without_the_extra_the_command_that_installs_it_is_told(settings, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name.startswith("pyspark"):
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    settings.PORTFOLIO_ENGINE = "spark"

    with pytest.raises(engines.UnableToUseEngineError, match=r"pip install 'tradecredit\[spark\]'"):
        engines.chosen()


def test_without_java_spark_says_so(settings, monkeypatch):
    pytest.importorskip("pyspark", reason="Spark is not installed (extra spark)")
    monkeypatch.setattr(shutil, "which", lambda name: None)
    settings.PORTFOLIO_ENGINE = "spark"

    with pytest.raises(engines.UnableToUseEngineError, match="Java 17"):
        engines.chosen()
