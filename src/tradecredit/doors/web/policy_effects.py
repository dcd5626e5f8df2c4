"""How a simulation is shown: both sides with amounts and segments, and the documents that would go the other way."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.apps.decisions.simulations import StoredSimulation

_FLIPS_SHOWN: Final = 100
_SEGMENTS_SHOWN: Final = 12
_SIDES: Final = (
    ("newly_held", Words(zh="会多拦", en="Newly held")),
    ("newly_released", Words(zh="会多放", en="Newly released")),
)
_SEGMENTS: Final = (
    ("grades", Words(zh="信用等级", en="Grade")),
    ("regions", Words(zh="区域", en="Region")),
    ("salespeople", Words(zh="业务员", en="Salesperson")),
)
_BECAME: Final = (
    ("invoiced", Words(zh="其后开票", en="Billed since")),
    ("overdue", Words(zh="其中现已逾期", en="Of that overdue now")),
    ("bad", Words(zh="其中久逾可能成坏账", en="Of that overdue so long that it may be lost")),
)


def shown(simulation: StoredSimulation, *, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the template needs of a simulation; ``sides`` and ``flips`` only once it is done."""
    result = simulation.result
    base = {"record": simulation, "is_of_this_state": simulation.document == document}
    if result is None:
        return base
    labels = check_labels(simulation.document)
    return {
        **base,
        "looked_at": result["looked_at"],
        "since": simulation.part["since"],
        "sides": [_side(key, words, result[key], labels) for key, words in _SIDES],
        "flips": [_flip(flip, labels) for flip in result["flips"][:_FLIPS_SHOWN]],
        "flipped": result["flipped"],
        "more": result["flipped"] - len(result["flips"][:_FLIPS_SHOWN]),
    }


def check_labels(document: Mapping[str, Any]) -> dict[str, Words]:
    """Return what the checks of a policy are called, by code."""
    checks = document.get("order_control", {}).get("checks", ())
    return {one["code"]: Words(zh=one["label"]["zh"], en=one["label"]["en"]) for one in checks}


def named(codes: Any, labels: Mapping[str, Words]) -> list[Words]:
    """Return checks by their names; one that the policy no longer has stands for itself."""
    return [labels.get(code, Words(zh=code, en=code)) for code in codes]


def _side(key: str, words: Words, side: Mapping[str, Any], labels: Mapping[str, Words]) -> dict[str, Any]:
    return {
        "key": key.replace("_", "-"),
        "words": words,
        "count": side["count"],
        "customers": side["customers"],
        "amounts": _amounts(side["amounts"]),
        "became": [(name, _amounts(side[code])) for code, name in _BECAME if side[code]],
        "checks": [(named([code], labels)[0], count) for code, count in side["checks"].items()],
        "segments": [
            (name, _segments(side, code)[:_SEGMENTS_SHOWN]) for code, name in _SEGMENTS if side[code]
        ],
    }


def _segments(side: Mapping[str, Any], code: str) -> list[dict[str, Any]]:
    """Return the values of one cut with their documents, the most first; older results know their number alone."""
    known = side.get("segments", {}).get(code, {})
    return [
        {
            "value": value,
            "count": count,
            "amounts": [
                _amounts(known.get(value, {}).get(name, {}))
                for name in ("sales", "invoiced", "overdue", "bad")
            ],
        }
        for value, count in sorted(side[code].items(), key=lambda one: -one[1])
    ]


def _amounts(texts: Mapping[str, str]) -> list[tuple[str, Decimal]]:
    return [(currency, Decimal(text)) for currency, text in texts.items()]


def _flip(flip: Mapping[str, Any], labels: Mapping[str, Words]) -> dict[str, Any]:
    return {
        **flip,
        "amount": Decimal(flip["amount"]),
        "newly_against": named(flip["newly_against"], labels),
        "no_longer_against": named(flip["no_longer_against"], labels),
    }
