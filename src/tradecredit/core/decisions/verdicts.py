"""A recorded verdict read again, so that what was decided is shown as it was decided."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.decisions import recording
from tradecredit.core.decisions.outcome import CheckResult, CheckState, Decider, Decision, Finding, Remedy
from tradecredit.core.exposure.headroom import Headroom, Term
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping


def from_dict(document: Mapping[str, Any], *, currency: str) -> Decision:
    """Read a verdict that `Decision.as_dict` wrote."""
    equation, reserves = document["equation"], document["reserves"]
    return Decision(
        outcome=outcomes.parse(document["outcome"]),
        results=tuple(_result(item) for item in document["results"]),
        headroom=Headroom(
            limit=recording.read_limit(equation["limit"], currency),
            exposure=Money.of(equation["exposure"], currency),
            available=recording.read_limit(equation["available"], currency),
            terms=tuple(
                Term(term["code"], Words(**term["label"]), Money.of(term["amount"], currency))
                for term in equation["terms"]
            ),
        ),
        headroom_after=recording.read_limit(document["headroom_after"], currency),
        reserves=None if reserves is None else Money.of(reserves, currency),
        remedies=tuple(_remedy(item, currency) for item in document["remedies"]),
        deciders=tuple(
            Decider(role=item["role"], mode=item["mode"], rule=item["rule"], why=Words(**item["why"]))
            for item in document["deciders"]
        ),
    )


def differences(recorded: Any, recomputed: Any, *, path: str = "verdict") -> tuple[str, ...]:
    """Return the places at which two verdicts differ, each with both values; none when they are identical."""
    if isinstance(recorded, dict) and isinstance(recomputed, dict):
        found: list[str] = []
        for key in sorted(set(recorded) | set(recomputed)):
            found += differences(recorded.get(key), recomputed.get(key), path=f"{path}.{key}")
        return tuple(found)
    if isinstance(recorded, list) and isinstance(recomputed, list) and len(recorded) == len(recomputed):
        pairs = zip(recorded, recomputed, strict=True)
        return tuple(
            place
            for index, (left, right) in enumerate(pairs)
            for place in differences(left, right, path=f"{path}[{index}]")
        )
    return () if recorded == recomputed else (f"{path}: recorded {recorded!r}, recomputed {recomputed!r}",)


def _result(item: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        code=item["code"],
        check=item["check"],
        label=Words(**item["label"]),
        outcome=outcomes.parse(item["outcome"]),
        finding=Finding(
            state=CheckState(item["state"]),
            sentence=item["sentence"],
            unit=item["unit"],
            ours=item["ours"],
            limit=item["limit"],
            gap=item["gap"],
            level=item.get("level", ""),
            level_name=item.get("level_name", ""),
            currency=item.get("currency", ""),
            row=item.get("row", ""),
            reason=item.get("reason", ""),
            said=Words(**item["said"]) if "said" in item else None,
            why=tuple(Words(**words) for words in item.get("why", ())),
            asks=outcomes.parse(item["asks"]) if "asks" in item else None,
        ),
    )


def _remedy(item: Mapping[str, Any], currency: str) -> Remedy:
    return Remedy(
        code=item["code"],
        amount=None if item["amount"] is None else Money.of(item["amount"], item.get("currency", currency)),
        prepaid=None if item.get("prepaid") is None else Money.of(item["prepaid"], currency),
        references=tuple(item["references"]),
        days=item["days"],
        outcome_after=outcomes.parse(item["outcome_after"]),
    )
