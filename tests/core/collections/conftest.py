from __future__ import annotations

from pathlib import Path

import pytest

import tradecredit
from tradecredit.core.collections import strategy
from tradecredit.plumbing import yaml_texts

POLICIES = Path(tradecredit.__file__).parent / "policies"


def section(pack, name):
    return yaml_texts.read((POLICIES / pack / f"{name}.yaml").read_text(encoding="utf-8"))


@pytest.fixture
def five_pillars():
    return strategy.parse(section("five-pillars", "dunning"))


@pytest.fixture
def payment_record():
    return strategy.parse(section("payment-record", "dunning"))


@pytest.fixture(params=["five-pillars", "payment-record"])
def pack_letters(request):
    letters = {
        path.stem: path.read_text(encoding="utf-8")
        for path in sorted((POLICIES / request.param / "letters").glob("*.md"))
    }
    return strategy.parse(section(request.param, "dunning")), letters
