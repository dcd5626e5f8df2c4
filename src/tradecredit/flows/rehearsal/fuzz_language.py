"""Feed broken policy texts to the language and judge every answer: read, or refused in words; nothing else."""

from __future__ import annotations

import random
import resource
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decision_tables import reading
from tradecredit.core.decision_tables import writing as model_writing
from tradecredit.core.decision_tables.engine import Model
from tradecredit.core.decision_tables.model import Decision, UnableToDecideError, UnableToReadModelError
from tradecredit.core.feel import expression, writing
from tradecredit.core.feel.parser import cells, cursor
from tradecredit.core.feel.parser.vocabulary import Vocabulary
from tradecredit.core.feel.run import UnableToEvaluateError, UnableToParseError
from tradecredit.flows.rehearsal import language_seeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MILLISECONDS_MAX: Final = 1_000
MEMORY_MB_MAX: Final = 256
KINDS: Final = ("expression", "cell", "model")
_REFUSALS: Final = (UnableToParseError, UnableToEvaluateError, UnableToReadModelError, UnableToDecideError)
_VALUES: Final = {
    "逾期 天数": [Decimal(31), Decimal(0)],
    "limit": {"amount": Decimal("500000.00")},
    "items": [{"amount": Decimal("1.10")}],
    "金额": Decimal(7),
    "x y": None,
}
_VOCABULARY: Final = Vocabulary(names=frozenset(language_seeds.NAMES), members=frozenset(("amount",)))
_LONGEST: Final = 40_000
_SHARES: Final = (8, 3, 1)
_KEPT: Final = 20


@dataclass(slots=True, kw_only=True)
class LanguageReport:
    """What became of the texts; ``failures`` name the number of the text and what went wrong."""

    texts: int = 0
    read: int = 0
    refused: int = 0
    crashes: int = 0
    hangs: int = 0
    wrong: int = 0
    slowest_ms: int = 0
    grown_mb: int = 0
    by_kind: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    failures: list[str] = field(default_factory=list)

    def fail(self, text: str) -> None:
        """Keep the first failures in words."""
        if len(self.failures) < _KEPT:
            self.failures.append(text)


def fuzz(
    *,
    models: Sequence[str],
    count: int,
    seed: int,
    is_unbounded: bool = False,
    on_progress: Callable[[int], None] | None = None,
) -> LanguageReport:
    """Read, write, read again and evaluate ``count`` broken texts; ``models`` are decision models to break.

    ``is_unbounded`` is the negative control: the parser's bound on depth is lifted, and the stack has to overflow.
    """
    report = LanguageReport()
    before = _peak_mb()
    with _without_bounds() if is_unbounded else nullcontext():
        for number, (kind, text) in enumerate(_broken(seed, models, count)):
            _judge(report, kind, text, number)
            if on_progress is not None:
                on_progress(number + 1)
    report.grown_mb = _peak_mb() - before
    return report


@contextmanager
def _without_bounds() -> Iterator[None]:
    """Lift the parser's bound on depth, and what catches the stack's overflow."""
    kept = cursor.DEEPEST, cells.guarded
    cursor.DEEPEST, cells.guarded = sys.maxsize, lambda _parser, read: read()  # type: ignore[assignment]
    try:
        yield
    finally:
        cursor.DEEPEST, cells.guarded = kept


def _judge(report: LanguageReport, kind: str, text: str, number: int) -> None:
    report.texts += 1
    report.by_kind[kind] += 1
    started = time.process_time()
    place = f"{kind} #{number} {text[:80]!r}"
    try:
        problem = _WORK[kind](text)
        report.read += 1
        if problem:
            report.wrong += 1
            report.fail(f"{place}: {problem}")
    except _REFUSALS as refusal:
        report.refused += 1
        if not (refusal.words.zh and refusal.words.en):
            report.wrong += 1
            report.fail(f"{place}: refused without a word")
    except Exception as error:  # noqa: BLE001 - whatever else comes out is what is looked for
        report.crashes += 1
        report.fail(f"{place}: {type(error).__name__}: {str(error)[:120]}")
    spent = int((time.process_time() - started) * 1_000)
    report.slowest_ms = max(report.slowest_ms, spent)
    if spent > MILLISECONDS_MAX:
        report.hangs += 1
        report.fail(f"{place}: {spent} ms")


def _expression(text: str) -> str:
    node = expression.parse(text, vocabulary=_VOCABULARY)
    written = writing.text(node)
    again = writing.text(expression.parse(written, vocabulary=_VOCABULARY))
    expression.evaluate(text, _VALUES)
    return "" if again == written else f"written as {written[:80]!r}, and that as {again[:80]!r}"


def _cell(text: str) -> str:
    expression.parse_cell(text, vocabulary=_VOCABULARY)
    return ""


def _model(text: str) -> str:
    found = reading.read(text)
    written = model_writing.write(found)
    again = model_writing.write(reading.read(written))
    made = Model(found)
    for one in found.elements:
        if not isinstance(one, Decision):
            continue
        try:
            made.decide(one.name, {})
        except _REFUSALS:
            continue
    return "" if again == written else "written twice, it differs"


_WORK: Final[dict[str, Callable[[str], str]]] = {"expression": _expression, "cell": _cell, "model": _model}


def _broken(seed: int, models: Sequence[str], count: int) -> Iterator[tuple[str, str]]:
    chance = random.Random(seed)  # noqa: S311 - reproducible on purpose
    sources = {
        "expression": (language_seeds.EXPRESSIONS, language_seeds.PIECES),
        "cell": (language_seeds.CELLS, language_seeds.PIECES),
        "model": (tuple(models), language_seeds.MARKUP + language_seeds.PIECES),
    }
    for kind in chance.choices(KINDS, weights=_SHARES, k=count):
        seeds, pieces = sources[kind]
        yield kind, _mutate(chance, chance.choice(seeds), seeds, pieces)


def _mutate(chance: random.Random, text: str, seeds: Sequence[str], pieces: Sequence[str]) -> str:
    """Cut out, put in, double or splice, one to four times."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(text))
        until = min(len(text), at + chance.randint(0, 8))
        other = chance.choice(seeds)
        ways = (
            text[:at] + text[until:],
            text[:at] + chance.choice(pieces) + text[until:],
            text[:until] + text[at:],
            text[:at] + chr(chance.choice((chance.randrange(0x80), chance.randrange(0xD800)))) + text[at:],
            text[:at] + other[chance.randint(0, len(other)) :],
        )
        text = chance.choice(ways)
    return text[:_LONGEST]


def _peak_mb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
