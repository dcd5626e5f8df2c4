"""Policy packs on disk: folders of YAML and letter templates, read into one plain document each."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.kernel import inheritance
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.integrations import policy_archives

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


# Beside the packs: what all of them draw alike, unless one of them draws it otherwise.
SHARED: Final = "shared"


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
                zh="没有名为 {name} 的政策包；现有：{packs}。",
                en="There is no policy pack {name}; there are {packs}.",
            ).filled(name=name, packs=", ".join(pack_names(root=here)))
        )
    document = load_folder(here / name)
    flows = {**_flows(here / SHARED), **document.get("flows", {})}
    return {**document, "flows": flows} if flows else document


def load_folder(pack: Path) -> dict[str, Any]:
    """Return a folder of the user's own as one document, or one file into which it was packed (a zip).

    A folder whose ``pack.yaml`` names another in ``extends`` (one that ships, or a folder beside it) says only what
    differs. Raises PolicyError as load_pack does.
    """
    own = load_own(pack)
    base = base_of(pack, own)
    return own if base is None else dict(inheritance.merged(base, own))


def base_of(pack: Path, own: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the policy that a folder extends, if it extends one; raises UnableToFindPackError, PolicyError."""
    name = own.get("pack", {}).get("extends")
    if name is None:
        return None
    beside = pack.parent / str(name)
    if beside.is_dir() and beside.resolve().parent == pack.resolve().parent and beside != pack:
        return load_own(beside)
    return load_pack(str(name))


def load_own(pack: Path) -> dict[str, Any]:
    """Return what a folder (or a packed file) itself says, without what it extends; raises PolicyError."""
    if pack.is_file():
        return policy_archives.read(pack)
    document = {path.stem: read_yaml(path) for path in sorted(pack.glob("*.yaml"))}
    letters = {path.stem: path.read_text("utf-8") for path in sorted((pack / "letters").glob("*.md"))}
    tables = {path.stem: path.read_text("utf-8") for path in sorted((pack / "tables").glob("*.dmn"))}
    flows = _flows(pack)
    kept = {name: texts for name, texts in (("tables", tables), ("flows", flows)) if texts}
    return {**document, "letters": letters, **kept}


def _flows(pack: Path) -> dict[str, str]:
    return {path.stem: path.read_text("utf-8") for path in sorted((pack / "flows").glob("*.bpmn"))}


def save(document: Mapping[str, Any], target: Path) -> None:
    """Write a policy as a folder, or as one packed file where the name ends in ``.zip``."""
    policy_archives.write(document, target)


def load_examples(name: str, *, root: Path | None = None) -> dict[str, Any]:
    """Return the pack's examples, which are its tests, by file name."""
    pack = (root or folder()) / name / "examples"
    return {path.stem: read_yaml(path) for path in sorted(pack.glob("*.yaml"))}


@lru_cache(maxsize=16)
def load_order_examples(name: str) -> Mapping[str, Any]:
    """Return the orders among the examples of a pack that ships, by file name; none for another name."""
    folder_of = folder() / name / "examples" / "orders"
    if name not in pack_names():
        return {}
    return {path.stem: read_yaml(path) for path in sorted(folder_of.glob("*.yaml"))}


def read_yaml(path: Path) -> Any:
    """Return the file's content; raises PolicyError where it is not YAML or a number is not quoted exactly."""
    return policy_archives.parse_yaml(path.read_text("utf-8"), name=path.name)
