"""Typed lines of a model written back into its document; what was not typed stays exactly as it was.

The names of the fields, for example ``weight:solvency`` or ``bin:debt_ratio:1:points``, are those of the form and of
the interface alike.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel.document_changes import UnknownPathError
from tradecredit.core.scoring import model_lines, scorecard_document
from tradecredit.core.scoring.model_lines import STEP_FIELDS, BinLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

ROWS_MOST: Final = 40
_OPTIONAL: Final = {"missing": "missing", "neutral": "neutral", "fresh": "fresh_for_days"}
_NEW_POINTS: Final = "50"
_FIELDS: Final = frozenset(
    {"weight", "cut", "set", "missing", "neutral", "fresh", "bin", "value", "otherwise", "step"}
    | {"add", "remove", "default_missing", "formula", "of", "when", "own", "drop"}
)


def written(document: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return ``scorecard`` and ``grades`` of the document with typed fields in place.

    A text that is no number stays as it was typed, for the policy's own check to name its place. Raises
    UnknownPathError for a field of no kind that there is, and PolicyError.
    """
    for name in typed:
        if name.partition(":")[0] not in _FIELDS:
            raise UnknownPathError(name)
    scorecard = copy.deepcopy(dict(document["scorecard"]))
    grades = copy.deepcopy(dict(document["grades"]))
    model = _model(scorecard, typed)
    if typed.get("default_missing"):
        model["missing"] = typed["default_missing"]
    if name := typed.get("formula:name", "").strip():
        own = {key: typed.get(f"formula:{key}", "").strip() for key in ("unit", "direction", "formula")}
        label = {"zh": typed.get("formula:zh", name), "en": typed.get("formula:en", name)}
        scorecard["attributes"] = {**scorecard.get("attributes", {}), name: {"label": label, **own}}
    for dimension in model["dimensions"]:
        _dimension(dimension, typed, document=scorecard)
    for each in model.get("weight_sets") or ():
        each["weights"] = {
            name: _text(typed, f"set:{each['name']}:{name}", weight)
            for name, weight in each["weights"].items()
        }
    for band in grades["grades"]:
        band["from"] = _text(typed, f"cut:{band['grade']}", band["from"])
    _own_models(scorecard, typed)
    return {"scorecard": scorecard, "grades": grades}


def _model(scorecard: dict[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the model whose lines were typed: the one that ``of:model`` names, for some customers, or the whole."""
    name = typed.get("of:model", "")
    if not name or name == scorecard["name"]:
        return scorecard
    own = next((each for each in scorecard.get("own_models") or () if each["name"] == name), None)
    if own is None:
        raise UnknownPathError(f"of:{name}")
    if when := typed.get("when:model", "").strip():
        own["when"] = own["when"] if when == model_lines.when_text(own["when"]) else when
    found: dict[str, Any] = own
    return found


def _own_models(scorecard: dict[str, Any], typed: Mapping[str, str]) -> None:
    """Take a model away, or begin one for some customers as a copy of the whole."""
    own = [each for each in scorecard.get("own_models") or () if typed.get("drop:model", "") != each["name"]]
    if name := typed.get("own:name", "").strip():
        label = {"zh": typed.get("own:zh", "").strip() or name, "en": typed.get("own:en", "").strip() or name}
        copied = {"dimensions": copy.deepcopy(scorecard["dimensions"])}
        own.append({"when": typed.get("own:when", "").strip(), "name": name, "label": label, **copied})
    if own:
        scorecard["own_models"] = own
    else:
        scorecard.pop("own_models", None)


def _dimension(dimension: dict[str, Any], typed: Mapping[str, str], *, document: Mapping[str, Any]) -> None:
    code = dimension["name"]
    dimension["weight"] = _text(typed, f"weight:{code}", dimension["weight"])
    kept = [each for each in dimension["indicators"] if not typed.get(f"remove:{model_lines.name_of(each)}")]
    for each in kept:
        _indicator(each, typed, dimension=code)
    if added := typed.get(f"add:{code}", "").strip():
        kept.append(_new_indicator(added, document=document))
    dimension["indicators"] = kept


def _indicator(each: dict[str, Any], typed: Mapping[str, str], *, dimension: str) -> None:
    name = model_lines.name_of(each)
    each["weight"] = _text(typed, f"weight:{dimension}:{name}", each["weight"])
    for form, key in _OPTIONAL.items():
        if (text := typed.get(f"{form}:{name}")) is None:
            continue
        if text.strip():
            each[key] = text.strip()
        else:
            each.pop(key, None)
    points = each["points"]
    if "bins" in points:
        points["bins"] = _bins(points["bins"], typed, name=name)
    elif "step_deduction" in points:
        points["step_deduction"] = {
            key: _text(typed, f"step:{name}:{key}", points["step_deduction"][key]) for key in STEP_FIELDS
        }
    else:
        each["points"] = _values(points, typed, name=name)


def _bins(before: Sequence[Mapping[str, Any]], typed: Mapping[str, str], *, name: str) -> Sequence[Any]:
    shown = model_lines.bin_lines(before)
    rows = [_bin(typed, f"bin:{name}:{number}", shown, number) for number in range(ROWS_MOST)]
    # An empty last line is an offer, a cleared edge takes its bin away; the lowest bin is always there.
    kept = [row for number, row in enumerate(rows) if row is not None and (number == 0 or row.edge)]
    if tuple(kept) == shown:
        return before
    ordered = sorted(kept, key=model_lines.order)
    made = [_ranged(row, ordered[place + 1 : place + 2]) for place, row in enumerate(ordered)]
    starts_at_top = any(key in before[0] for key in ("from", "above"))
    return made[::-1] if starts_at_top else made


def _bin(typed: Mapping[str, str], key: str, shown: Sequence[BinLine], number: int) -> BinLine | None:
    old = shown[number] if number < len(shown) else None
    if old is None and f"{key}:edge" not in typed:
        return None
    base = old or BinLine()
    side = typed.get(f"{key}:side", "from" if base.is_included else "above")
    return BinLine(
        edge="" if number == 0 else typed.get(f"{key}:edge", base.edge).strip(),
        is_included=base.is_included if number == 0 else side != "above",
        points=typed.get(f"{key}:points", base.points).strip(),
        label=base.label,
    )


def _ranged(row: BinLine, following: Sequence[BinLine]) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if row.edge:
        made["from" if row.is_included else "above"] = row.edge
    for above in following:
        made["below" if above.is_included else "up_to"] = above.edge
    made["points"] = row.points
    if row.label is not None:
        made["label"] = row.label
    return made


def _values(before: Mapping[str, Any], typed: Mapping[str, str], *, name: str) -> dict[str, Any]:
    values: dict[str, str] = {}
    known = list(before.get("values", {}).items())
    for number in range(ROWS_MOST):
        old = known[number] if number < len(known) else ("", "")
        text = typed.get(f"value:{name}:{number}:name", str(old[0])).strip()
        if text:
            values[text] = typed.get(f"value:{name}:{number}:points", str(old[1])).strip()
    made: dict[str, Any] = {"values": values}
    otherwise = typed.get(f"otherwise:{name}", str(before.get("otherwise", ""))).strip()
    return made | ({"otherwise": otherwise} if otherwise else {})


def _new_indicator(attribute: str, *, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return a line for an attribute that the model does not look at yet: no weight, points to be filled in."""
    known = scorecard_document.attributes_of(document)
    if attribute not in known:
        raise UnknownPathError(f"add:{attribute}")
    found = known[attribute]
    if found.unit == "flag":
        points: dict[str, Any] = {"values": {"no": "100", "yes": "0"}}
    elif found.unit == "text":
        points = {"values": {}, "otherwise": _NEW_POINTS}
    else:
        points = {"bins": [{"points": _NEW_POINTS}]}
    return {"attribute": attribute, "weight": "0", "points": points}


def _text(typed: Mapping[str, str], key: str, before: Any) -> Any:
    """Return what was typed, or what stood there, where both are the same number or nothing was typed."""
    text = typed.get(key, "").strip().removesuffix("%").strip()
    if not text or _is_same(text, str(before)):
        return before
    return text


def _is_same(left: str, right: str) -> bool:
    numbers: tuple[Decimal | None, Decimal | None] = (model_lines.read(left), model_lines.read(right))
    return left == right or (None not in numbers and numbers[0] == numbers[1])
