"""Changes of a policy with the names that its form uses, and the reasons of its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import policy_figures
from tradecredit.core.kernel import overlays
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import set_up_company
from tradecredit.flows.ratings import draft_model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.apps.decisions.policies import StoredPolicy
    from tradecredit.core.kernel.document_changes import Change

_LETTERS: Final = "letters"
_FOR_A_TIME: Final = Words(zh="阶段性调整有改动，见“阶段性调整”", en="Values for a time changed: see there")
_OF_THE_HOUSE: Final = {
    set_up_company.FIRST_POLICY: Words(zh="公司的第一版政策", en="First policy of the company")
}


def reason_of(stored: StoredPolicy) -> Words:
    """Return why a version was published: in both languages where nobody had to say it."""
    return _OF_THE_HOUSE.get(stored.reason, Words(zh=stored.reason, en=stored.reason))


def named(changes: Sequence[Change], document: Any) -> list[dict[str, Any]]:
    """Return changes with the names that the form uses; a path that no form shows stands for itself.

    A letter or a file of a table is too long to be shown twice: of a text only that it changed.
    """
    known = {
        figure.path: (group.words, figure)
        for group in policy_figures.groups(document)
        for figure in group.figures
    }
    found: list[dict[str, Any]] = []
    for change in changes:
        if change.path.split(".")[0] == overlays.SECTION:
            continue
        group, figure = known.get(change.path, (None, None))
        is_text = any("\n" in str(side or "") for side in (change.before, change.after))
        found.append({"change": change, "group": group, "figure": figure, "is_text": is_text})
    if any(change.path.split(".")[0] == overlays.SECTION for change in changes):
        found.append({"told": _FOR_A_TIME})
    return found


def untold(changes: Sequence[Change], document: Any) -> list[dict[str, Any]]:
    """Return the named changes without those told elsewhere: of the rating model in sentences, of letters word by word."""
    shown = [
        change
        for change in changes
        if not draft_model.is_told(change) and change.path.split(".")[0] != _LETTERS
    ]
    return named(shown, document)


def of_checks(document: Mapping[str, Any], codes: Iterable[str]) -> list[tuple[str, Words]]:
    """Return checks of a policy with what they are called."""
    labels = {one["code"]: one["label"] for one in document["order_control"]["checks"]}
    return [(code, Words(zh=labels[code]["zh"], en=labels[code]["en"])) for code in codes]
