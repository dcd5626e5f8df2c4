"""Every decision table of a policy in one list, whoever wrote it and however: to be looked over, asked and exported."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.approvals import authority
from tradecredit.core.collections import stage_table, strategy
from tradecredit.core.decision_tables import looking_over, writing
from tradecredit.core.decisions import policy as order_control
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.core.limits import grade_policy, terms_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from tradecredit.core.decision_tables.looking_over import ModelFinding
    from tradecredit.core.decision_tables.named_table import Answer, NamedTable

_AUTHORITY: Final = Words(zh="审批授权", en="Authority")
_DUNNING: Final = Words(zh="催收阶段", en="Stages of dunning")
_TERMS: Final = Words(zh="按等级的交易条件", en="Terms by grade")
# What a table may well be: a rule that a later one could not answer, an output nobody gives yet.
_MILD: Final = frozenset(
    {"not_analysed", "too_large", "matches_missing", "unreachable_output", "no_catch_all"}
)


class UnableToFindTableError(UnableToError):
    """The policy has no table of that name."""

    code = "policy_table_unknown"
    status = 404


@dataclass(frozen=True, slots=True, kw_only=True)
class PackTable:
    """A table with the section that it stands in and what it is called."""

    section: str
    code: str
    label: Words
    table: NamedTable

    def findings(self) -> tuple[ModelFinding, ...]:
        """Return what should be mended: cells that cannot hold, rows that never fire, cases without a row."""
        found = looking_over.look_over(self.table.model)
        return tuple(one for one in found if one.code not in _MILD)

    def ask(self, facts: Mapping[str, Any]) -> Answer:
        """Return what the table says of facts by name, strictly."""
        return self.table.answer(facts)

    def as_dmn(self) -> str:
        """Return the table as a file of the standard."""
        return writing.write(self.table.definitions)


def of_policy(document: Mapping[str, Any]) -> tuple[PackTable, ...]:
    """Return the tables of a sound policy document; raises PolicyError where a section cannot be read."""
    return tuple(_tables(document))


def named(document: Mapping[str, Any], code: str) -> PackTable:
    """Return one table by its code; raises UnableToFindTableError."""
    tables = of_policy(document)
    for one in tables:
        if one.code == code:
            return one
    raise UnableToFindTableError(
        Words(
            zh="没有名为 {code} 的决策表；现有：{known}。", en="There is no table {code}; there are {known}."
        ).filled(code=code, known=", ".join(one.code for one in tables))
    )


def _tables(document: Mapping[str, Any]) -> Iterator[PackTable]:
    for rule in order_control.of_document(document).rules:
        if rule.table is not None:
            yield PackTable(section="order_control", code=rule.code, label=rule.label, table=rule.table.table)
    decided = authority.parse(document["authority"])
    yield PackTable(section="authority", code="authority", label=_AUTHORITY, table=decided.table)
    ladder = strategy.parse(document["dunning"]).ladder
    yield PackTable(section="dunning", code="dunning", label=_DUNNING, table=stage_table.of_ladder(ladder))
    grades = grade_policy.parse(document["grades"])
    terms = terms_table.of_terms(grade_policy.terms(grades))
    yield PackTable(section="grades", code="terms", label=_TERMS, table=terms)
