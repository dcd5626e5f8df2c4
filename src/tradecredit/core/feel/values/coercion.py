"""The implicit conversions of the language: one item for a list of one and back, a day for its midnight."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.core.feel.run import NullBecauseError
from tradecredit.core.feel.values import kinds
from tradecredit.core.feel.values.days import Date
from tradecredit.core.feel.values.kinds import ListOf, Type
from tradecredit.core.feel.values.moments import DateTime, Time

if TYPE_CHECKING:
    from tradecredit.core.feel.values.functions import Parameter


def converted(value: Any, wanted: Type) -> Any:
    """Return the value as a type; raises NullBecauseError when it is not of it and cannot be made so."""
    if value is None or kinds.is_instance(value, wanted):
        return value
    if isinstance(value, tuple) and len(value) == 1 and not isinstance(wanted, ListOf):
        return converted(value[0], wanted)
    if isinstance(wanted, ListOf) and not isinstance(value, tuple) and kinds.is_instance(value, wanted.item):
        return (value,)
    if wanted == kinds.DATE_TIME and isinstance(value, Date):
        return DateTime(value, Time(0, 0, 0, offset=0))
    raise NullBecauseError("wrong_type", expected=kinds.name_of(wanted), kind=kinds.kind(value))


def argument(value: Any, parameter: Parameter, *, function: str) -> Any:
    """Return an argument as its parameter's type; raises NullBecauseError when it cannot be that."""
    if parameter.type is None:
        return value
    try:
        return converted(value, parameter.type)
    except NullBecauseError as reason:
        raise NullBecauseError(
            "wrong_argument_type",
            name=function,
            parameter=parameter.name,
            expected=kinds.name_of(parameter.type),
            kind=kinds.kind(value),
        ) from reason
