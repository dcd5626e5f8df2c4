"""The check that a policy writes itself: a decision table over the declared facts, strict and explained."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decision_tables.telling import Speaker
from tradecredit.core.decisions import check_tables, declared_facts, wording
from tradecredit.core.decisions.outcome import CheckState, Finding
from tradecredit.core.feel.run import UnableToEvaluateError
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.decisions.check_tables import CheckTable
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.policy import Rule
    from tradecredit.core.exposure.headroom import Headroom

MISSING: Final = Words(
    zh="缺少数据：{names}；决策表不能判断，须人工复核。",
    en="{names} could not be had: the table cannot decide and a person must look.",
)
ABSENT: Final = Words(zh="没有{names}可比较。", en="There is no {names} to compare with.")
UNDECIDED: Final = Words(
    zh="决策表没有唯一结论，须人工复核：{reasons}。", en="The table gives no single answer: {reasons}."
)
ROW: Final = Words(zh="决策表第“{row}”行：{cells}。", en="Row “{row}” of the table: {cells}.")
_ALWAYS: Final = Words(zh="其余情形", en="all else")


def table(facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Return what the rule's table says: a missing fact, no row or several rows go to a person, never by in silence."""
    asked = _table_of(rule)
    values = declared_facts.read_all(asked.table.needs, facts, room)
    missing = [name for name, value in values.items() if value is None]
    if missing:
        return Finding(state=CheckState.UNKNOWN, sentence="table.missing", said=_named(MISSING, missing))
    absent = [name for name, value in values.items() if value is declared_facts.ABSENT]
    if absent:
        return Finding(state=CheckState.NOT_APPLICABLE, sentence="table.absent", said=_named(ABSENT, absent))
    try:
        answer = asked.table.answer(values)
    except UnableToEvaluateError as error:
        return _undecided((error.words,))
    if answer.row is None:
        return _undecided(answer.reasons)
    asks = check_tables.ASKED[answer.outputs[check_tables.OUTCOME]]
    return Finding(
        state=CheckState.PASSED if asks is Outcome.APPROVE else CheckState.FAILED,
        sentence="table.row",
        row=asked.table.code_of(answer.row),
        reason=answer.outputs.get(check_tables.REASON) or "",
        said=_said(asked, answer.row, values, facts.currency),
        asks=asks,
    )


def with_reasons(finding: Finding, facts: CreditFacts, rule: Rule, room: Headroom) -> Finding:
    """Return the finding with its trace: the row with each cell, why those before it failed, what would change it."""
    if finding.sentence != "table.row":
        return finding
    asked = _table_of(rule)
    values = declared_facts.read_all(asked.table.needs, facts, room)
    actionable = {name for name in asked.table.needs if declared_facts.BY_NAME[name].may_change}
    speaker = _speaker(rule, facts.currency, finding.asks or Outcome.REJECT)
    told = asked.table.tell(values, speaker=speaker, may_change=actionable)
    if told is None:
        return finding
    return dataclasses.replace(finding, why=(told.headline, *told.rows_before, *told.alternatives))


def _table_of(rule: Rule) -> CheckTable:
    assert rule.table is not None, "parsing demands a table for this check"  # noqa: S101 -- cannot happen
    return rule.table


def _undecided(reasons: Iterable[Words]) -> Finding:
    found = tuple(reasons)
    said = Words(
        zh=UNDECIDED.zh.format(reasons="; ".join(one.zh for one in found)),
        en=UNDECIDED.en.format(reasons="; ".join(one.en for one in found)),
    )
    return Finding(state=CheckState.UNKNOWN, sentence="table.undecided", said=said)


def _named(template: Words, names: Iterable[str]) -> Words:
    words = [declared_facts.BY_NAME[name].words for name in names]
    return Words(
        zh=template.zh.format(names="、".join(one.zh for one in words)),
        en=template.en.format(names=", ".join(one.en for one in words)),
    )


def _said(asked: CheckTable, row: int, values: Mapping[str, Any], currency: str) -> Words:
    """Return the row's own sentence with the figures in it, or the facts that the row looks at."""
    shown = {name: figure(name, value, currency=currency) for name, value in values.items()}
    own = asked.words_of(row)
    if own is not None:
        return Words(
            zh=own.zh.format(**{name: words.zh for name, words in shown.items()}),
            en=own.en.format(**{name: words.en for name, words in shown.items()}),
        )
    cells = [(declared_facts.BY_NAME[name].words, shown[name]) for name in _tested(asked, row)]
    code = asked.table.code_of(row)
    return Words(
        zh=ROW.zh.format(row=code, cells="，".join(f"{a.zh} {b.zh}" for a, b in cells) or _ALWAYS.zh),
        en=ROW.en.format(row=code, cells=", ".join(f"{a.en} {b.en}" for a, b in cells) or _ALWAYS.en),
    )


def _tested(asked: CheckTable, row: int) -> list[str]:
    """Return the facts that a row tests, as far as its columns are facts."""
    rules, inputs = asked.table.table.rules, asked.table.table.inputs
    if row > len(rules):
        return []
    cells = zip(inputs, rules[row - 1].tests, strict=True)
    known = asked.table.needs
    return [clause.expression for clause, test in cells if test.strip() != "-" and clause.expression in known]


def _speaker(rule: Rule, currency: str, asks: Outcome) -> Speaker:
    place = [output.name for output in _table_of(rule).table.table.outputs].index(check_tables.OUTCOME)

    def outcome_of(outputs: tuple[str, ...]) -> Outcome:
        return check_tables.ASKED[outputs[place].strip().strip('"')]

    def column(name: str) -> Words:
        fact = declared_facts.BY_NAME.get(name)
        return Words(zh=name, en=name) if fact is None else fact.words

    def value(name: str, found: Any) -> Words:
        return figure(name, found, currency=currency)

    return Speaker(
        element=lambda _name: rule.label,
        column=column,
        value=value,
        outputs=lambda outputs: wording.OUTCOMES[outcome_of(outputs).text],
        is_wanted=lambda outputs: outcome_of(outputs) < asks,
    )


def figure(name: str, value: Any, *, currency: str) -> Words:
    """Return the value of a fact as people read it; facts of nobody's declaring as they are written."""
    if name not in declared_facts.BY_NAME:
        name = "grade"
    text, unit = declared_facts.shown(name, value, currency=currency)
    return wording.figure(text, unit=unit, currency=currency)
