"""``tradecredit``: the commands of the house."""

from __future__ import annotations

import importlib
import sys
from typing import Any

import click

from tradecredit.doors.cli import installation

# command name → module (imported when it is called, so that --help is instant) and its click command
_COMMANDS = {
    "rate": "ratings",
    "policy": "policies",
    "import": "imports",
    "bank": "bank",
    "bureau": "bureaus",
    "customers": "customers",
    "fake-bureau": "bureaus",
    "news": "news",
    "source": "sources",
    "fake-erp": "sources",
    "check": "orders",
    "explain": "orders",
    "replay": "orders",
    "ledger": "ledger",
    "setup": "setup",
    "serve": "setup",
    "migrate": "setup",
    "token": "setup",
    "doctor": "setup",
    "demo": "demo",
    "close-day": "watch",
    "collections": "collections",
    "clock": "watch",
    "worker": "watch",
    "alerts": "alerts",
    "report": "reports",
    "torture": "torture.command",
    "bench": "bench.command",
    "model": "learned_models",
    "backtest": "backtests",
}


class _Commands(click.Group):
    """Commands that are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - as above
        module_name = _COMMANDS.get(cmd_name)
        if module_name is None:
            return None
        module = importlib.import_module(f"tradecredit.doors.cli.{module_name}")
        command: Any = getattr(module, cmd_name.replace("-", "_") + "_command")
        return command  # type: ignore[no-any-return] # each module keeps this promise


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "-C", "--data-dir", metavar="DIR", help="Where the embedded installation lives (default: ./data)."
)
@click.option("--database-url", metavar="URL", help="An outside PostgreSQL (version 15 or later) instead.")
@click.version_option(package_name="tradecredit")
@click.pass_context
def cli(ctx: click.Context, data_dir: str | None, database_url: str | None) -> None:
    """Trade credit: whom to trust, for how much, and getting the money back. 客户授信管理"""
    ctx.obj = installation.Installation.named(data_dir=data_dir, database_url=database_url)


def main() -> None:
    """Run the command line; exit codes: 0 done, 1 refused or found something, 2 wrong usage."""
    from tradecredit.core.kernel.refusal import UnableToError
    from tradecredit.plumbing import waste

    waste.look_seldom()
    try:
        # Not standing alone, click returns the code of an Exit instead of raising it.
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(2)
    except click.Abort:
        sys.exit(130)
    except UnableToError as error:
        language = installation.language()
        click.echo(error.words.in_language(language), err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)
