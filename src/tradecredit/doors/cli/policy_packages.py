"""``policy diff, export, import, sign, verify, value``: policies as files that are handed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli import policy_documents
from tradecredit.doors.cli.option_types import DayType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.doors.cli.installation import Installation

_SIGNATURE = "signature.json"


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def diff_command(installation: Installation, before: str, after: str, *, is_json: bool) -> None:
    """Say in words what differs between two packs, folders or packed files; exit code 1 when anything does."""
    with installation.awake():
        from tradecredit.core.kernel import document_changes, told_changes

        left, right = policy_documents.load(before), policy_documents.load(after)
        found = [
            (change, told_changes.told(change, before=left, after=right))
            for change in document_changes.changes(left, right)
        ]
        language = installations.language()
        if is_json:
            changes = [{**change.as_dict(), "words": words.as_dict()} for change, words in found]
            click.echo(json.dumps({"changes": changes}, ensure_ascii=False, default=str))
        else:
            for _, words in found:
                click.echo(words.in_language(language))
            click.echo(f"{len(found)} 处不同 / differences")
        if found:
            raise click.exceptions.Exit(1)


@click.command("export")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--pack", "name", help="A pack, folder or packed file (default: the company's policy in force)."
)
@click.option("--as-of", type=DayType(), help="The company's policy in force on that day.")
@click.option("--company", "code", metavar="CODE")
@click.pass_obj
def export_command(
    installation: Installation, target: Path, name: str | None, as_of: date | None, code: str | None
) -> None:
    """Write a policy as a folder, or as one file where TARGET ends in .zip."""
    with installation.awake():
        from tradecredit.flows import ports

        document = policy_documents.in_force(code, as_of) if name is None else policy_documents.load(name)
        if target.suffix != ".zip" and target.exists() and any(target.iterdir()):
            raise click.UsageError(f"{target} is not empty")
        ports.find(ports.PolicyPacks).save(document, target)
        click.echo(f"{target}")


@click.command("sign")
@click.argument("source")
@click.option("--key", "key", type=click.Path(path_type=Path), required=True, help="The private key (PEM).")
@click.option("--new-key", is_flag=True, help="Make the key first; the file must not exist yet.")
@click.option("--out", type=click.Path(path_type=Path), help="Where the signature goes.")
@click.pass_obj
def sign_command(
    installation: Installation, source: str, key: Path, out: Path | None, *, new_key: bool
) -> None:
    """Sign a pack, folder or packed file with an Ed25519 key."""
    with installation.awake():
        from tradecredit.flows import ports

        signatures = ports.find(ports.PolicySignatures)
        if new_key:
            if key.exists():
                raise click.UsageError(f"{key} exists already")
            key.touch(mode=0o600)
            key.write_bytes(signatures.new_key())
        signed = signatures.sign(policy_documents.load(source), private_pem=key.read_bytes()).as_dict()
        target = out or _signature_of(source)
        target.write_text(json.dumps(signed, indent=1) + "\n", encoding="utf-8")
        click.echo(f"{target}: {signed['public_key']}")


@click.command("verify")
@click.argument("source")
@click.option("--signature", "path", type=click.Path(path_type=Path), help="The signature's file.")
@click.option("--by", "public_key", help="The public key of who should have signed it.")
@click.pass_obj
def verify_command(
    installation: Installation, source: str, path: Path | None, public_key: str | None
) -> None:
    """Check that a policy is unchanged since it was signed, and by whom; exit code 1 when it is not."""
    with installation.awake():
        click.echo(verified(source, path=path, public_key=public_key))


@click.command("import")
@click.argument("source")
@click.option("--by", "public_key", help="Only what this public key has signed.")
@click.option("--into", "target", type=click.Path(path_type=Path), help="Write it as a folder of your own.")
@click.pass_obj
def import_command(
    installation: Installation, source: str, public_key: str | None, target: Path | None
) -> None:
    """Look a policy from elsewhere over, signature first, and say what to do to publish it."""
    with installation.awake():
        from tradecredit.flows import ports
        from tradecredit.flows.policy import check_policy

        if public_key is not None or _signature_of(source).exists():
            click.echo(f"签名 / signed by {verified(source, path=None, public_key=public_key)}")
        document = policy_documents.load(source)
        check_policy.refuse_unsound(document)
        if target is not None:
            ports.find(ports.PolicyPacks).save(document, target)
        place = source if target is None else target
        click.echo(f"{document['pack']['name']}: 正确 / sound → tradecredit policy publish {place}")


@click.command("value")
@click.argument("folder", type=click.Path(exists=True, path_type=Path))
@click.argument("path")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def value_command(installation: Installation, folder: Path, path: str, *, is_json: bool) -> None:
    """Say which value holds in a folder that extends another policy, and which of the two it comes from."""
    with installation.awake():
        from tradecredit.core.kernel import inheritance
        from tradecredit.flows import ports

        packs = ports.find(ports.PolicyPacks)
        own = packs.load_own(folder)
        base = packs.base_of(folder, own) or {}
        names = {"base_name": str(own.get("pack", {}).get("extends", "")), "own_name": folder.name}
        found = inheritance.origin_of(path, base=base, own=own, **names)
        answer = {"path": found.path, "value": found.value, "origin": found.origin}
        text = f"{found.value} ({found.origin})"
        click.echo(json.dumps(answer, ensure_ascii=False, default=str) if is_json else text)


def verified(source: str, *, path: Path | None, public_key: str | None) -> str:
    """Return the public key that signed a policy; raises UnableToTrustPolicyError, UsageError without a signature."""
    from tradecredit.flows import ports

    place = path or _signature_of(source)
    if not place.exists():
        raise click.UsageError(f"there is no signature {place}")
    signature: Mapping[str, Any] = json.loads(place.read_text("utf-8"))
    signatures = ports.find(ports.PolicySignatures)
    return signatures.verify(policy_documents.load(source), signature, public_key=public_key)


def _signature_of(source: str) -> Path:
    """Return where a signature stands: inside a folder, beside a packed file, or here for a pack by name."""
    path = Path(source)
    if path.is_dir():
        return path / _SIGNATURE
    return path.with_name(f"{path.name}.{_SIGNATURE}")
