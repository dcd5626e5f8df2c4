"""The letters of a policy as a grid: a row for each that its strategy uses, in the order of its steps, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from tradecredit.core.collections import letter_sheet, letters
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.collections.steps import Step
    from tradecredit.core.collections.strategy import Strategy

State = Literal["missing", "same", "changed", "new"]
_THANKS: Final = Words(zh="感谢函", en="Note of thanks")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A letter in one language: its key, its subject, and how it stands to the version before."""

    key: str
    language: str
    subject: str
    state: State


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A letter, the steps that use it (none of a letter that nothing uses), and it in each language."""

    name: str
    uses: tuple[Words, ...]
    is_sealed: bool
    cells: tuple[Cell, ...]


def rows(*, strategy: Strategy, texts: Mapping[str, str], before: Mapping[str, str]) -> tuple[Row, ...]:
    """Return the letters by the order of the steps, then the thanks, then what nothing uses."""
    names = dict.fromkeys(step.letter for step in _every_side(strategy))
    if strategy.thanks_letter:
        names[strategy.thanks_letter] = None
    names |= dict.fromkeys(sorted({key.rpartition("-")[0] for key in texts} - names.keys()))
    return tuple(
        Row(
            name=name,
            uses=_uses(strategy, name),
            is_sealed=any(step.kind == "stage" for step in _steps(strategy, name)),
            cells=tuple(_cell(name, language, texts, before) for language in letters.LANGUAGES),
        )
        for name in names
    )


def texts_of(document: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the letters of a policy document by their keys, without what is no text."""
    section = document.get("letters")
    if not isinstance(section, Mapping):
        return {}
    return {str(key): text for key, text in section.items() if isinstance(text, str)}


def step_of(strategy: Strategy, name: str) -> Step | None:
    """Return the first step that uses the letter; None for thanks and for a letter that nothing uses."""
    return next(iter(_steps(strategy, name)), None)


def _steps(strategy: Strategy, name: str) -> list[Step]:
    return [step for step in _every_side(strategy) if step.letter == name]


def _every_side(strategy: Strategy) -> list[Step]:
    """Return the steps, and those of trials as they differ from them."""
    tried = (step for trial in strategy.trials for step in trial.steps)
    return list(dict.fromkeys((*strategy.steps, *tried)))


def _uses(strategy: Strategy, name: str) -> tuple[Words, ...]:
    labels = [step.label for step in _steps(strategy, name)]
    return (*labels, *([_THANKS] if strategy.thanks_letter == name else []))


def _cell(name: str, language: str, texts: Mapping[str, str], before: Mapping[str, str]) -> Cell:
    key = f"{name}-{language}"
    text = texts.get(key, "")
    parts = letter_sheet.read(text)
    state: State = "changed"
    if not text:
        state = "missing"
    elif key not in before:
        state = "new"
    elif before[key] == text:
        state = "same"
    return Cell(key=key, language=language, subject=parts[0].text if parts else "", state=state)
