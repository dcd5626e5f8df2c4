"""Policies as files to be handed on: written as a folder or one packed file, and read again without trusting it.

A packed file is read by the names of its entries alone: nothing is unpacked onto the disk.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

import yaml

from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.integrations.erp_csv import caps
from tradecredit.plumbing import yaml_texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_FOLDERS: Final = {"letters": ".md", "tables": ".dmn", "flows": ".bpmn"}
_MOST_ENTRIES: Final = 400
_MOST_BYTES: Final = 8_000_000
_SAME_DAY: Final = (2000, 1, 1, 0, 0, 0)


def write(document: Mapping[str, Any], target: Path) -> None:
    """Write a policy as a folder, or (``.zip``) as one file; the same policy gives the same bytes."""
    texts = dict(_texts(document))
    if target.suffix.lower() == ".zip":
        target.write_bytes(_packed(texts))
        return
    for name, text in texts.items():
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def read(path: Path) -> dict[str, Any]:
    """Read a packed policy; raises PolicyError for a file that is none, is too large, or holds what is no policy."""
    try:
        texts = _entries(path)
    except PolicyError:
        raise
    except caps.BROKEN_ZIP as error:
        raise PolicyError(path.name, f"this is no packed policy: {error}") from error
    return _document(texts)


def parse_yaml(text: str, *, name: str) -> Any:
    """Return the content of a YAML text; raises PolicyError where it is none or a number is not quoted exactly."""
    try:
        content = yaml_texts.read(text)
    except yaml.YAMLError as error:
        raise PolicyError(name, f"this is not YAML: {error}") from error
    _refuse_floats(content, PurePosixPath(name).stem)
    return content


def _texts(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for section, content in sorted(document.items()):
        if section in _FOLDERS:
            for name, text in sorted(content.items()):
                yield f"{section}/{name}{_FOLDERS[section]}", text
        else:
            yield f"{section}.yaml", yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110)


def _packed(texts: Mapping[str, str]) -> bytes:
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name, date_time=_SAME_DAY), text, zipfile.ZIP_DEFLATED)
    return found.getvalue()


def _entries(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        entries = [one for one in archive.infolist() if not one.is_dir()]
        if len(entries) > _MOST_ENTRIES or sum(one.file_size for one in entries) > _MOST_BYTES:
            raise PolicyError(path.name, "this file is larger than any policy")
        return {one.filename: _text(archive, one) for one in entries}


def _text(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    with archive.open(entry) as stream:
        content = stream.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise PolicyError(entry.filename, "this file is larger than any policy")
    return content.decode("utf-8")


def _document(texts: Mapping[str, str]) -> dict[str, Any]:
    document: dict[str, Any] = {"letters": {}}
    for name, text in sorted(texts.items()):
        path = PurePosixPath(name)
        folder = str(path.parent)
        if folder in _FOLDERS and path.suffix == _FOLDERS[folder]:
            document.setdefault(folder, {})[path.stem] = text
        elif folder == "." and path.suffix == ".yaml":
            document[path.stem] = parse_yaml(text, name=path.name)
        elif name != "signature.json" and not name.startswith("examples/"):
            raise PolicyError(name, "this does not belong into a policy")
    return document


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
