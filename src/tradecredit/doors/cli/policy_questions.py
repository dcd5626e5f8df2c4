"""``policy tables``, ``policy ask`` and ``policy values``: tables listed and asked, values with where they come from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from tradecredit.doors.cli import decision_models, policy_documents
from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.option_types import DayType, PairType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from tradecredit.doors.cli.installation import Installation


@click.command("tables")
@click.argument("name", required=False)
@click.option("--company", "code", metavar="CODE")
@click.option("--dmn", "dmn", metavar="TABLE", help="Print one table as a file of the DMN standard.")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def tables_command(
    installation: Installation, name: str | None, code: str | None, dmn: str | None, *, is_json: bool
) -> None:
    """List the decision tables of a pack, or of the policy that the company has in force."""
    with installation.awake():
        from tradecredit.flows.policy import pack_tables

        document = _document(name, code)
        if dmn is not None:
            click.echo(pack_tables.named(document, dmn).as_dmn())
            return
        tables: list[dict[str, Any]] = [
            {
                "section": one.section,
                "table": one.code,
                "label": one.label.as_dict(),
                "facts": list(one.table.needs),
                "rows": len(one.table.table.rules),
            }
            for one in pack_tables.of_policy(document)
        ]
        if is_json:
            click.echo(json.dumps({"tables": tables}, ensure_ascii=False))
            return
        language = installations.language()
        for one in tables:
            label = one["label"][language]
            click.echo(f"{one['table']}\t{label}\t{one['rows']}\t{', '.join(one['facts'])}")


@click.command("ask")
@click.argument("table")
@click.option(
    "--pack", "name", help="A pack, folder or packed file (default: the company's policy in force)."
)
@click.option("--company", "code", metavar="CODE")
@click.option(
    "--fact", "facts", multiple=True, type=PairType(), metavar="NAME=VALUE", help="A fact of the table."
)
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def ask_command(
    installation: Installation,
    table: str,
    name: str | None,
    code: str | None,
    facts: tuple[tuple[str, str], ...],
    *,
    is_json: bool,
) -> None:
    """Ask one table of a policy and be told why; exit code 1 when a person has to look."""
    with installation.awake():
        from tradecredit.core.decision_tables import telling
        from tradecredit.flows.policy import pack_tables

        found = pack_tables.named(_document(name, code), table)
        given = {name: decision_models.value(text) for name, text in facts}
        answer = found.ask(given)
        told = found.table.tell(given, speaker=telling.PLAIN)
        document = {
            "row": None if answer.row is None else found.table.code_of(answer.row),
            "outputs": {key: str(value) for key, value in answer.outputs.items()},
            "reasons": [words.as_dict() for words in answer.reasons],
            "why": []
            if told is None
            else [words.as_dict() for words in (told.headline, *told.rows_before, *told.alternatives)],
        }
        _print(document, is_json=is_json)
        if answer.row is None:
            raise click.exceptions.Exit(1)


def _document(name: str | None, code: str | None) -> Mapping[str, Any]:
    return policy_documents.in_force(code, None) if name is None else policy_documents.load(name)


def _print(document: dict[str, Any], *, is_json: bool) -> None:
    if is_json:
        click.echo(json.dumps(document, ensure_ascii=False))
        return
    language = installations.language()
    outputs = ", ".join(f"{key} {value}" for key, value in document["outputs"].items())
    click.echo(f"{document['row'] or '→ 转人工 / to a person'}: {outputs}")
    for words in (*document["reasons"], *document["why"]):
        click.echo(f"  {words[language]}")


@click.command("values")
@click.argument("search", required=False, default="")
@click.option("--as-of", type=DayType(), help="On which day (default: today).")
@click.option("--company", "code", metavar="CODE")
@click.option("--json", "is_json", is_flag=True, help="One JSON document on stdout.")
@click.pass_obj
def values_command(
    installation: Installation, search: str, as_of: date | None, code: str | None, *, is_json: bool
) -> None:
    """Tell the values of the company's policy on a day, each with where it comes from and since when."""
    with installation.awake():
        from tradecredit.flows.policy import tell_values
        from tradecredit.plumbing import clock

        company = installations.company_named(code)
        told = tell_values.tell_values(
            company=company,
            as_of=as_of or clock.today(company),
            actor=installations.system_actor(),
            search=search,
        )
        if is_json:
            values = [one.as_dict() for one in told.values]
            document = {"number": told.version.number, "count": told.count, "values": values}
            click.echo(json.dumps(document, ensure_ascii=False))
            return
        language = installations.language()
        for one in told.values:
            words, origin = one.words.in_language(language), one.origin.words.in_language(language)
            click.echo(f"{one.path}\t{words}\t{origin}\t{one.origin.since.valid_from}")
        if told.count > len(told.values):
            click.echo(f"… {told.count - len(told.values)} 项未列出 / more")
