"""Policy packs on disk: folders of YAML and letter templates, read into one plain document each."""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import PolicyError, UnableToError

if TYPE_CHECKING:
    from collections.abc import Sequence


class UnableToFindPackError(UnableToError):
    """There is no pack of that name."""

    code = "unable_to_find_pack"
    status = 404


def folder() -> Path:
    """Return the folder of the packs that come with the product."""
    return Path(str(resources.files("tradecredit") / "policies"))


def pack_names(*, root: Path | None = None) -> Sequence[str]:
    """Return the names of the packs in the folder."""
    return sorted(path.parent.name for path in (root or folder()).glob("*/pack.yaml"))


def load_pack(name: str, *, root: Path | None = None) -> dict[str, Any]:
    """Return the pack as one document, a section for each of its files, letters by "stage-language".

    Raises UnableToFindPackError for an unknown name and PolicyError for a file that is not YAML or holds a float.
    """
    here = root or folder()
    if name not in pack_names(root=here):
        raise UnableToFindPackError(
            Words(
                zh="没有名为 {name} 的政策包;现有:{packs}。",
                en="There is no policy pack {name}; there are {packs}.",
            ).filled(name=name, packs=", ".join(pack_names(root=here)))
        )
    return load_folder(here / name)


def load_folder(pack: Path) -> dict[str, Any]:
    """Return a folder of the user's own as one document; raises PolicyError as load_pack does."""
    document = {path.stem: read_yaml(path) for path in sorted(pack.glob("*.yaml"))}
    letters = {path.stem: path.read_text("utf-8") for path in sorted((pack / "letters").glob("*.md"))}
    tables = {path.stem: path.read_text("utf-8") for path in sorted((pack / "tables").glob("*.dmn"))}
    return {**document, "letters": letters, **({"tables": tables} if tables else {})}


def load_examples(name: str, *, root: Path | None = None) -> dict[str, Any]:
    """Return the pack's examples, which are its tests, by file name."""
    pack = (root or folder()) / name / "examples"
    return {path.stem: read_yaml(path) for path in sorted(pack.glob("*.yaml"))}


def read_yaml(path: Path) -> Any:
    """Return the file's content; raises PolicyError where it is not YAML or a number is not quoted exactly."""
    try:
        content = yaml.safe_load(path.read_text("utf-8"))
    except yaml.YAMLError as error:
        raise PolicyError(path.name, f"this is not YAML: {error}") from error
    _refuse_floats(content, path.stem)
    return content


def _refuse_floats(value: Any, path: str) -> None:
    match value:
        case float():
            raise PolicyError(path, f'write {value} in quotes, "{value}": a bare decimal is not exact')
        case dict():
            for key, item in value.items():
                _refuse_floats(item, f"{path}.{key}")
        case list():
            for index, item in enumerate(value):
                _refuse_floats(item, f"{path}[{index}]")
        case _:
            return
