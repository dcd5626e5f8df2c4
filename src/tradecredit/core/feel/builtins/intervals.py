"""Allen's relations between points and ranges: before, meets, overlaps, during …"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tradecredit.core.feel.builtins import declaring
from tradecredit.core.feel.builtins.declaring import Signature, takes, way
from tradecredit.core.feel.run import NullBecauseError, Run
from tradecredit.core.feel.values import comparison
from tradecredit.core.feel.values.kinds import BOOLEAN, RANGE
from tradecredit.core.feel.values.ranges import Range

_Relation = Callable[[Any, Any], bool]


def _lt(left: Any, right: Any) -> bool:
    return comparison.less(left, right)


def _eq(left: Any, right: Any) -> bool:
    return not comparison.less(left, right) and not comparison.less(right, left)


def _before(left: Any, right: Any) -> bool:
    end, has_end = (left.end, left.includes_end) if isinstance(left, Range) else (left, True)
    start, has_start = (right.start, right.includes_start) if isinstance(right, Range) else (right, True)
    if _lt(end, start):
        return True
    is_point_pair = not isinstance(left, Range) and not isinstance(right, Range)
    return not is_point_pair and _eq(end, start) and not (has_end and has_start)


def _meets(left: Range, right: Range) -> bool:
    return left.includes_end and right.includes_start and _eq(left.end, right.start)


def _reaches(left: Range, right: Range) -> bool:
    """Return whether one range goes as far as the start of another."""
    touches = left.includes_end and right.includes_start
    return _lt(right.start, left.end) or (touches and _eq(left.end, right.start))


def _overlaps(left: Range, right: Range) -> bool:
    return _reaches(left, right) and _reaches(right, left)


def _starts_earlier(left: Range, right: Range) -> bool:
    shuts_out = left.includes_start and not right.includes_start
    return _lt(left.start, right.start) or (shuts_out and _eq(left.start, right.start))


def _ends_no_later(left: Range, right: Range) -> bool:
    fits = not left.includes_end or right.includes_end
    return _lt(left.end, right.end) or (fits and _eq(left.end, right.end))


def _starts_no_earlier(left: Range, right: Range) -> bool:
    fits = not left.includes_start or right.includes_start
    return _lt(right.start, left.start) or (fits and _eq(left.start, right.start))


def _overlaps_before(left: Range, right: Range) -> bool:
    return _starts_earlier(left, right) and _reaches(left, right) and _ends_no_later(left, right)


def _finishes_point(point: Any, wanted: Range) -> bool:
    return wanted.includes_end and _eq(point, wanted.end)


def _finishes(left: Range, right: Range) -> bool:
    same_end = left.includes_end == right.includes_end and _eq(left.end, right.end)
    return same_end and _starts_no_earlier(left, right)


def _starts_point(point: Any, wanted: Range) -> bool:
    return wanted.includes_start and _eq(point, wanted.start)


def _starts(left: Range, right: Range) -> bool:
    same_start = left.includes_start == right.includes_start and _eq(left.start, right.start)
    return same_start and _ends_no_later(left, right)


def _during_point(point: Any, wanted: Range) -> bool:
    above = _lt(wanted.start, point) or (wanted.includes_start and _eq(wanted.start, point))
    return above and (_lt(point, wanted.end) or (wanted.includes_end and _eq(point, wanted.end)))


def _during(left: Range, right: Range) -> bool:
    return _starts_no_earlier(left, right) and _ends_no_later(left, right)


def _coincides(left: Range, right: Range) -> bool:
    same_ends = (left.includes_start, left.includes_end) == (right.includes_start, right.includes_end)
    return same_ends and _eq(left.start, right.start) and _eq(left.end, right.end)


def _point(name: str, relation: _Relation, *, other: str) -> Signature:
    """Declare a way in which the first, or with a name ending in 2 the second, argument is a point."""

    def apply(_run: Run, left: Any, right: Any) -> bool:
        if isinstance(left, Range) or isinstance(right, Range):
            raise NullBecauseError(
                "wrong_argument_type", name=name, parameter="point", expected="Any", kind="range"
            )
        return relation(left, right)

    return way(apply, takes(name), takes(other))


def _point_range(relation: _Relation) -> Signature:
    return way(lambda _run, point, wanted: relation(point, wanted), takes("point"), takes("range", RANGE))


def _range_point(relation: _Relation) -> Signature:
    return way(lambda _run, wanted, point: relation(wanted, point), takes("range", RANGE), takes("point"))


def _ranges(relation: _Relation) -> Signature:
    return way(
        lambda _run, left, right: relation(left, right), takes("range1", RANGE), takes("range2", RANGE)
    )


def _turned(relation: _Relation) -> _Relation:
    return lambda left, right: relation(right, left)


def _points(relation: _Relation) -> Signature:
    return _point("point1", relation, other="point2")


_AFTER = _turned(_before)

FUNCTIONS = declaring.family(
    {
        "before": (_ranges(_before), _point_range(_before), _range_point(_before), _points(_before)),
        "after": (_ranges(_AFTER), _point_range(_AFTER), _range_point(_AFTER), _points(_AFTER)),
        "meets": (_ranges(_meets),),
        "met by": (_ranges(_turned(_meets)),),
        "overlaps": (_ranges(_overlaps),),
        "overlaps before": (_ranges(_overlaps_before),),
        "overlaps after": (_ranges(_turned(_overlaps_before)),),
        "finishes": (_ranges(_finishes), _point_range(_finishes_point)),
        "finished by": (_ranges(_turned(_finishes)), _range_point(_turned(_finishes_point))),
        "includes": (_ranges(_turned(_during)), _range_point(_turned(_during_point))),
        "during": (_ranges(_during), _point_range(_during_point)),
        "starts": (_ranges(_starts), _point_range(_starts_point)),
        "started by": (_ranges(_turned(_starts)), _range_point(_turned(_starts_point))),
        "coincides": (_ranges(_coincides), _points(_eq)),
    },
    dict.fromkeys(
        ("before", "after", "meets", "met by", "overlaps", "overlaps before", "overlaps after", "finishes",
         "finished by", "includes", "during", "starts", "started by", "coincides"),
        BOOLEAN,
    ),
)  # fmt: skip
