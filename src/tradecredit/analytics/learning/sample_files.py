"""Samples from files: CSV or ARFF, packed or not, with derived ratios and a definition of what went bad."""

from __future__ import annotations

import csv
import gzip
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tradecredit.analytics.learning import leakage, samples
from tradecredit.analytics.learning.samples import Sample, UnableToLearnError
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tradecredit.analytics.learning.samples import Flags, Floats

_UNKNOWN = frozenset({"", "?", "na", "nan", "null", "none"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How a file is read.

    ``outcome`` is ``COLUMN`` (1, yes or true is bad) or ``COLUMN=VALUE``; with ``is_at_last_period`` a row is bad only in
    the last period of a group that went bad, and rows of the file's very last period are left out, since what became of
    them lies beyond it. ``per`` divides every other number by a column and keeps that column's logarithm.
    """

    outcome: str
    period: str | None = None
    group: str | None = None
    leave_out: tuple[str, ...] = ()
    known_afterwards: tuple[str, ...] = ()
    per: str | None = None
    ratios: tuple[str, ...] = ()
    is_at_last_period: bool = False


def read(path: Path, *, reading: Reading) -> Sample:
    """Return the sample; raises UnableToLearnError for a column that is not there or is known only afterwards."""
    columns = columns_of(path)
    outcome, _, bad_value = reading.outcome.partition("=")
    aside = {outcome, *reading.leave_out, *(name for name in (reading.period, reading.group) if name)}
    for name in (*aside, *([reading.per] if reading.per else [])):
        _column(columns, name)
    is_bad = _outcomes(_column(columns, outcome), bad_value=bad_value)
    periods = _numbers(columns[reading.period]) if reading.period else np.empty(0)
    groups = tuple(columns[reading.group]) if reading.group else ()
    features = _features(
        {name: _numbers(texts) for name, texts in columns.items() if name not in aside}, reading
    )
    samples.require_features(tuple(features))
    _refuse_known_afterwards(features, reading)
    sample = Sample(
        names=tuple(features), values=np.column_stack(list(features.values())), is_bad=is_bad, periods=periods,
        groups=groups,
    )  # fmt: skip
    return _at_last_period(sample) if reading.is_at_last_period else sample


def columns_of(path: Path) -> dict[str, list[str]]:
    """Return the file's columns as texts, by name."""
    raw = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    text = raw.decode("utf-8-sig")
    name = path.name.removesuffix(".gz").lower()
    names, rows = _arff(text) if name.endswith(".arff") else _csv(text)
    if not rows:
        raise UnableToLearnError(Words(zh="文件里没有数据行。", en="The file holds no rows."), file=path.name)
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


def _csv(text: str) -> tuple[list[str], list[list[str]]]:
    head, *rows = list(csv.reader(io.StringIO(text)))
    names = [name.strip() for name in head]
    return names, [[cell.strip() for cell in row] for row in rows if len(row) == len(names)]


def _arff(text: str) -> tuple[list[str], list[list[str]]]:
    names, rows = [], []
    is_data = False
    for line in text.splitlines():
        lowered = line.strip().lower()
        if lowered.startswith("@attribute"):
            names.append(line.split()[1].strip("'\""))
        elif lowered.startswith("@data"):
            is_data = True
        elif is_data and lowered and not lowered.startswith("%"):
            rows.append([cell.strip() for cell in line.split(",")])
    return names, rows


def _column(columns: Mapping[str, list[str]], name: str) -> list[str]:
    if name in columns:
        return columns[name]
    raise UnableToLearnError(
        Words(
            zh="文件里没有列 {name}；有：{known}。", en="There is no column {name}; there are {known}."
        ).filled(name=name, known=", ".join(columns)),
        column=name,
    )


def _outcomes(texts: Sequence[str], *, bad_value: str) -> Flags:
    bad = {bad_value.lower()} if bad_value else {"1", "yes", "true", "bad"}
    return np.array([text.lower() in bad for text in texts], dtype=np.bool_)


def _numbers(texts: Sequence[str]) -> Floats:
    return np.array([_number(text) for text in texts], dtype=np.float64)


def _number(text: str) -> float:
    if text.lower() in _UNKNOWN:
        return np.nan
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return np.nan


def _features(numbers: Mapping[str, Floats], reading: Reading) -> dict[str, Floats]:
    found = dict(numbers)
    if reading.per:
        base = numbers[reading.per]
        found = {
            f"{name}/{reading.per}": _divided(column, base)
            for name, column in numbers.items()
            if name != reading.per
        }
        found[f"log {reading.per}"] = _logarithm(base)
    for ratio in reading.ratios:
        above, _, below = ratio.partition("/")
        found[ratio] = _divided(_known(numbers, above), _known(numbers, below))
    # A column without a single number is text: nothing to learn from here.
    return {name: column for name, column in found.items() if not np.isnan(column).all()}


def _refuse_known_afterwards(features: Mapping[str, Floats], reading: Reading) -> None:
    parts = {part for name in features for part in (name, *name.split("/"))}
    leakage.refuse_named(sorted(parts), known_afterwards=reading.known_afterwards)


def _known(numbers: Mapping[str, Floats], name: str) -> Floats:
    if name not in numbers:
        _column({each: [] for each in numbers}, name)
    return numbers[name]


def _divided(above: Floats, below: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = above / below
    found[~np.isfinite(found)] = np.nan
    return found


def _logarithm(column: Floats) -> Floats:
    found = np.full(len(column), np.nan)
    is_above = column > 0
    found[is_above] = np.log(column[is_above])
    return found


def _at_last_period(sample: Sample) -> Sample:
    """Turn "this company failed at some time" into "it failed in the period after this one"."""
    if not sample.groups or not len(sample.periods):
        raise UnableToLearnError(
            Words(zh="需要 --group 和 --period。", en="This needs --group and --period.")
        )
    last: dict[str, float] = {}
    for group, period in zip(sample.groups, sample.periods, strict=True):
        last[group] = max(last.get(group, period), period)
    ends = np.array([last[group] for group in sample.groups])
    is_known = sample.periods < sample.periods.max()
    found = Sample(
        names=sample.names, values=sample.values, is_bad=sample.is_bad & (sample.periods == ends),
        periods=sample.periods, groups=sample.groups,
    )  # fmt: skip
    return found.only(is_known)
