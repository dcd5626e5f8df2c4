"""YAML texts read fast and without trusting them: libyaml where it is there, and never nested without end."""

from __future__ import annotations

from typing import Any, Final

import yaml

DEEPEST: Final = 100
_SAFE: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_PLAIN: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


class TooDeepError(yaml.YAMLError):
    """The text nests deeper than anything that is read here."""


def read(text: str) -> Any:
    """Return what the text says, in plain values; raises yaml.YAMLError where it is no YAML or nests too deeply."""
    return _read(text, _SAFE)


def read_plain(text: str) -> Any:
    """Return what the text says with every value as its text: ``0.10`` stays ``0.10``; raises as read does."""
    return _read(text, _PLAIN)


def _read(text: str, loader: Any) -> Any:
    # libyaml builds what is nested by recursion in C: a text of many brackets would end the process.
    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > DEEPEST:
                raise TooDeepError(f"this nests deeper than {DEEPEST} levels")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return yaml.load(text, Loader=loader)  # noqa: S506 - one of the two safe loaders above
