"""Facts about customers: the names that rules know, what their values look like, and which one holds when."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from tradecredit.core.dossier import identifiers
from tradecredit.core.dossier.known_facts import KNOWN, Kind, KnownFact
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

__all__ = ["BUREAUS", "KNOWN", "BadFactError", "Kind", "KnownFact", "RecordedFact", "by_voice", "in_force", "masked",
           "name_of", "value_as", "value_of", "voice_of"]  # fmt: skip

# Note [Whose word counts]
# Every bureau is a voice of its own, and everybody else together is the voice of the house. Within a voice the rules of
# ``in_force`` hold. Of bureaus that disagree the worse word counts, where a fact has a worse side, until that bureau
# takes it back; otherwise what was learned last. Between the bureaus and the house what was learned last counts: a
# correction by people stands until a bureau says something new.
BUREAUS: Final = frozenset({"tianyancha", "qichacha", "qixinbao", "generic"})

_YES: Final = frozenset({"yes", "true", "1", "y", "t", "是", "有", "对"})
_NO: Final = frozenset({"no", "false", "0", "n", "f", "否", "无", "没有", "不是"})
_NAME: Final = re.compile(r"[a-z][a-z0-9_]{1,63}")


class BadFactError(ValueError):
    """A value does not look like the fact's kind; ``words`` says what was expected."""

    def __init__(self, words: Words) -> None:
        super().__init__(words.en)
        self.words = words


# What people write in the column 「事实」 of their own sheets.
_BY_LABEL: Final = {fact.label.zh: fact.name for fact in KNOWN.values()} | {
    "失信": "dishonest_debtor",
    "失信被执行": "dishonest_debtor",
    "老赖": "dishonest_debtor",
    "被执行": "enforcement_records",
    "被执行人": "enforcement_records",
    "诉讼": "pending_lawsuits",
    "未决诉讼": "pending_lawsuits",
    "经营状态": "registry_status",
    "工商状态": "registry_status",
    "股权质押率": "equity_pledge_ratio",
    "成立年限": "years_in_business",
    "企业性质": "ownership_type",
}


def name_of(text: str) -> str:
    """Return the name of a fact as it is recorded: ``Pending lawsuits`` and ``未结诉讼数`` are ``pending_lawsuits``.

    Raises BadFactError for what cannot be a name.
    """
    clean = text.strip()
    name = _BY_LABEL.get(clean) or re.sub(r"[\s\-]+", "_", clean.lower())
    if not _NAME.fullmatch(name):
        raise BadFactError(
            Words(
                zh=f"“{clean}”不是事实名称。请使用例如 pending_lawsuits 的英文名称，或“未结诉讼数”等已有名称。",
                en=f"“{clean}” is not the name of a fact. Write it like pending_lawsuits.",
            )
        )
    return name


def value_of(*, name: str, text: str) -> str:
    """Return the value as it is recorded, by the kind of the fact; a fact that no rule knows keeps its text.

    ``是`` for ``dishonest_debtor`` is ``yes``, ``35%`` for ``equity_pledge_ratio`` is ``0.35``. Raises BadFactError.
    """
    fact = KNOWN.get(name)
    return value_as(kind=fact.kind if fact else "word", text=text)


def value_as(*, kind: Kind, text: str) -> str:
    """Return the value of a kind as it is recorded: ``是`` as a flag is ``yes``. Raises BadFactError."""
    clean = text.strip()
    match kind:
        case "flag":
            return _flag(clean)
        case "count":
            return _whole(clean)
        case "share":
            return _share(clean)
        case "number":
            return f"{_number(clean):f}"
        case "identity":
            return _identity(clean)
        case _:
            return clean


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedFact:
    """A fact as it stands in the books."""

    name: str
    value: str
    valid_from: date
    valid_to: date | None
    source: str
    evidence: str
    recorded_at: datetime
    recorded_by: str


def in_force(
    records: Iterable[RecordedFact], *, as_of: date, known_at: datetime | None = None
) -> dict[str, RecordedFact]:
    """Return the fact of each name that holds on the day, as known at the moment.

    Of several records for one first day of validity the latest recorded counts (a correction, even one that ends it);
    of several that hold, the one valid from the latest day. Of several sources see Note [Whose word counts].
    """
    said: dict[str, list[RecordedFact]] = {}
    for by_name in by_voice(records, as_of=as_of, known_at=known_at).values():
        for name, record in by_name.items():
            said.setdefault(name, []).append(record)
    return {name: _winner(name, candidates) for name, candidates in said.items()}


def by_voice(
    records: Iterable[RecordedFact], *, as_of: date, known_at: datetime | None = None
) -> dict[str, dict[str, RecordedFact]]:
    """Return what each voice says of each name: bureaus by their names, everybody else under an empty one."""
    latest: dict[tuple[str, str, date], RecordedFact] = {}
    for record in sorted(records, key=lambda record: record.recorded_at):
        if known_at is None or record.recorded_at <= known_at:
            latest[voice_of(record.source), record.name, record.valid_from] = record
    holding: dict[str, dict[str, RecordedFact]] = {}
    for record in sorted(latest.values(), key=lambda record: record.valid_from):
        if record.valid_from <= as_of and (record.valid_to is None or as_of < record.valid_to):
            holding.setdefault(voice_of(record.source), {})[record.name] = record
    return holding


def voice_of(source: str) -> str:
    """Return whose word a source is: a bureau's own, or that of the house (an empty text)."""
    return source if source in BUREAUS else ""


def _winner(name: str, candidates: Sequence[RecordedFact]) -> RecordedFact:
    bureaus = [record for record in candidates if record.source in BUREAUS]
    others = [record for record in candidates if record.source not in BUREAUS]
    best = [max(bureaus, key=lambda record: _weight(name, record))] if bureaus else []
    return max([*others, *best], key=lambda record: (record.recorded_at, record.valid_from))


def _weight(name: str, record: RecordedFact) -> tuple[Decimal, datetime]:
    """Return how much a bureau's word weighs: the worse the more, then what was learned last."""
    worse = KNOWN[name].worse if name in KNOWN else ""
    if worse == "yes":
        return Decimal(record.value == "yes"), record.recorded_at
    if worse == "more":
        return Decimal(record.value), record.recorded_at
    return Decimal(0), record.recorded_at


def masked(name: str, value: str) -> str:
    """Return the value as everybody may see it: of what needs a consent only the ends of identity numbers."""
    fact = KNOWN.get(name)
    if fact is None or not fact.consent:
        return value
    return identifiers.mask(value) if fact.kind == "identity" else "•••"


def _identity(text: str) -> str:
    checked = identifiers.check_resident_id(text, as_of=date.max)
    if checked.code is None:
        raise BadFactError(checked.problem or Words(zh="证件号无效", en="no identity number"))
    return checked.code


def _flag(text: str) -> str:
    word = text.lower()
    if word in _YES:
        return "yes"
    if word in _NO:
        return "no"
    raise BadFactError(Words(zh=f"“{text}”应为 是 或 否（yes / no）。", en=f"“{text}” should be yes or no."))


def _whole(text: str) -> str:
    number = _number(text)
    if number != number.to_integral_value() or number < 0:
        raise BadFactError(
            Words(zh=f"“{text}”应为不小于 0 的整数。", en=f"“{text}” should be a whole number, 0 or more.")
        )
    return f"{number.to_integral_value():f}"


def _share(text: str) -> str:
    number = _number(text.removesuffix("%").removesuffix("％"))
    share = number.scaleb(-2) if text.endswith(("%", "％")) else number
    if not 0 <= share <= 1:
        raise BadFactError(
            Words(
                zh=f"“{text}”应为 0 到 1 之间的比例，例如 0.35 或 35%。",
                en=f"“{text}” should be a share such as 0.35 or 35%.",
            )
        )
    return f"{share:f}"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite():
        raise BadFactError(Words(zh=f"“{text}”应为数字。", en=f"“{text}” should be a number."))
    return number
