"""What the command line understands, and its help in the user's language."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from app.cli.training_arguments import add_evaluate, add_learn, add_package, add_train
from app.messages import LANGUAGES, tr

_FAULTS = (
    (re.compile(r"the following arguments are required: (.+)"), "cli.usage-required"),
    (re.compile(r"unrecognized arguments: (.+)"), "cli.usage-unrecognised"),
    (re.compile(r"argument (?:.+): invalid choice: (.+?) \(.+"), "cli.usage-choice"),
    (re.compile(r"argument (.+): expected (?:one|at least one) argument"), "cli.usage-value"),
    (re.compile(r"argument (?:.+): invalid \w+ value: (.+)"), "cli.usage-choice"),
)
"""What argparse says in English, and the sentence that says it here."""


class _Formatter(argparse.RawDescriptionHelpFormatter):
    """Help whose descriptions keep their lines; ``usage:`` in the user's language."""

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, tr("cli.usage") if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that speaks the user's language."""

    def __init__(self, **options: Any) -> None:
        super().__init__(add_help=False, formatter_class=_Formatter, allow_abbrev=False, **options)
        self._positionals.title = tr("cli.positionals")
        self._optionals.title = tr("cli.options")
        self.add_argument("-h", "--help", action="help", help=tr("cli.help-help"))

    def error(self, message: str) -> NoReturn:
        """Say in a sentence what was not understood, and end with status 2."""
        for pattern, key in _FAULTS:
            if found := pattern.fullmatch(message):
                reason = tr(key, what=found[1])
                break
        else:
            reason = message
        self.exit(2, tr("cli.usage-error", reason=reason, program=self.prog) + "\n")

_STARTERS = ("sweden",)
"""The registers that ship (:data:`app.services.register_files.STARTERS`, which takes longer to load)."""


def parser() -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    whole = _Parser(prog="kurator", description=tr("cli.about"), epilog=tr("cli.examples"))
    _add_common(whole, top=True)
    commands = whole.add_subparsers(
        dest="command", metavar=tr("cli.command"), title=tr("cli.commands"), parser_class=_Parser
    )
    for name, add in _COMMANDS:
        one = commands.add_parser(
            name,
            help=tr(f"cli.{name}-about"),
            description=tr(f"cli.{name}-about"),
            epilog=tr(f"cli.{name}-examples", program="kurator"),
        )
        add(one)
        _add_common(one, top=False)
    return whole


def _add_common(one: argparse.ArgumentParser, *, top: bool) -> None:
    def default(value: Any) -> Any:
        return value if top else argparse.SUPPRESS

    one.add_argument("-q", "--quiet", action="store_true", default=default(False), help=tr("cli.help-quiet"))
    one.add_argument("--language", choices=LANGUAGES, default=default(None), help=tr("cli.help-language"))
    one.add_argument("--job", action="store_true", default=default(False), help=argparse.SUPPRESS)
    if top:
        from app.logs import version

        one.add_argument("--version", action="version", version=f"Kurator {version()}", help=tr("cli.help-version"))


def _project(one: argparse.ArgumentParser) -> None:
    one.add_argument("project", type=Path, metavar="PROJECT", help=tr("cli.help-project"))


def _new(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--name", help=tr("cli.help-name"))
    one.add_argument("--annotator", help=tr("cli.help-annotator"))
    one.add_argument("--label-set", type=Path, metavar="FILE", help=tr("cli.help-label-set"))
    one.add_argument("--register", choices=(*_STARTERS, "none"), default="none", help=tr("register.help-begin"))


def _import(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=tr("cli.help-paths"))
    one.add_argument("--hidden", action="store_true", help=tr("cli.help-hidden"))
    one.add_argument("--as", metavar="ID", dest="as_format", help=tr("formats.help-as"))
    whose = f"{tr('formats.help-annotator')}; {tr('merging.help-annotator')}"
    one.add_argument("--annotator", metavar="NAME", help=whose)
    one.add_argument("--mapping", metavar="FILE", help=tr("formats.help-mapping"))
    one.add_argument("--add-labels", action="store_true", help=tr("formats.help-add-labels"))
    one.add_argument("--dry-run", action="store_true", help=tr("transfer_window.help-dry-run"))
    one.add_argument("--base", metavar="FILE", help=tr("merging.help-base"))
    one.add_argument("--kept-base", type=int, help=argparse.SUPPRESS)
    one.add_argument("--offsets", metavar="UNIT", help=tr("formats.help-offsets"))
    _several(one, "--set", "choices", "NAME=VALUE", tr("formats.help-set"))
    one.add_argument("--report", type=Path, metavar="FILE", help=tr("cli.help-report"))


def _suggest(one: argparse.ArgumentParser) -> None:
    one.add_argument("paths", type=Path, nargs="+", metavar="PROJECT|SHARD", help=tr("shards.help-paths"))
    one.add_argument("--pipeline", metavar="NAME", help=tr("cli.help-pipeline"))
    one.add_argument("--mapping", type=Path, metavar="FILE", help=tr("cli.help-mapping"))
    one.add_argument("--again", action="store_true", help=tr("cli.help-again"))
    _trust(one)
    _documents(one)
    one.add_argument("--jobs", type=int, metavar="N", help=tr("shards.help-jobs"))
    one.add_argument("--dask", metavar="ADDRESS|local", help=tr("shards.help-dask"))
    one.add_argument("--out", type=Path, metavar="FOLDER", help=tr("shards.help-out"))
    one.add_argument("--name", metavar="NAME", default="corpus", help=tr("shards.help-name"))
    one.add_argument("--label-set", type=Path, metavar="FILE", help=tr("shards.help-label-set"))
    one.add_argument("--report", type=Path, metavar="FILE", help=tr("shards.help-report"))


def _trust(one: argparse.ArgumentParser) -> None:
    one.add_argument("--trust", action="store_true", help=tr("training.help-trust"))


def _documents(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--document",
        action="append",
        default=None,
        metavar="NAME",
        dest="documents",
        help=tr("cli.help-document"),
    )


def _export(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--format", required=True, metavar="ID", help=tr("cli.help-format"))
    one.add_argument("-o", "--output", type=Path, required=True, metavar="PATH", help=tr("cli.help-output"))
    one.add_argument(
        "--suggestions", action="store_true", default=None, dest="suggestions", help=tr("formats.help-suggestions")
    )
    one.add_argument("--no-suggestions", action="store_false", dest="suggestions", help=tr("cli.help-no-suggestions"))
    one.add_argument("--no-texts", action="store_true", help=tr("cli.help-no-texts"))
    _documents(one)
    _several(one, "--annotator", "annotators", "NAME", tr("formats.help-annotators"))
    one.add_argument("--adjudicated", action="store_true", help=tr("formats.help-adjudicated"))
    _several(one, "--label", "labels", "ID", tr("formats.help-labels"))
    _several(one, "--kind", "kinds", "KIND", tr("formats.help-kinds"), ("entity", "claim", "relation"))
    one.add_argument("--rejected", action="store_true", help=tr("formats.help-rejected"))
    one.add_argument("--split", nargs="?", const="80/10/10", metavar="80/10/10", help=tr("formats.help-split"))
    one.add_argument("--licence", metavar="TEXT", help=tr("formats.help-licence"))
    _several(one, "--set", "choices", "NAME=VALUE", tr("formats.help-set"))
    one.add_argument("--report", type=Path, metavar="FILE", help=tr("formats.help-losses"))


def _several(
    one: argparse.ArgumentParser,
    option: str,
    name: str,
    shown: str,
    told: str,
    allowed: tuple[str, ...] | None = None,
) -> None:
    one.add_argument(option, action="append", dest=name, metavar=shown, choices=allowed, help=told)


def _status(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))


def _backup(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("-o", "--output", type=Path, metavar="PATH", help=tr("cli.help-backup-output"))
    one.add_argument("--keep", type=int, metavar="N", help=tr("cli.help-keep"))


def _restore(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("backup", type=Path, nargs="?", metavar="BACKUP", help=tr("cli.help-backup"))


def _open(one: argparse.ArgumentParser) -> None:
    one.add_argument("project", type=Path, nargs="?", metavar="PROJECT", help=tr("cli.help-open-project"))
    one.add_argument("--sample", action="store_true", help=tr("cli.help-sample"))


def _demo(one: argparse.ArgumentParser) -> None:
    one.add_argument("-o", "--output", type=Path, required=True, metavar="FOLDER", help=tr("cli.help-demo-output"))


def _merge(one: argparse.ArgumentParser) -> None:
    one.usage = "%(prog)s [-h] -o OUT [--report FILE] [-q] [--language {sv,en}] [BASE] OURS THEIRS"
    one.add_argument("files", type=Path, nargs="+", metavar="FILE", help=tr("cli.help-merge-files"))
    one.add_argument("-o", "--output", type=Path, required=True, metavar="OUT", help=tr("cli.help-merge-output"))
    one.add_argument("--report", type=Path, metavar="FILE", help=tr("cli.help-merge-report"))


def _merge_driver(one: argparse.ArgumentParser) -> None:
    one.add_argument("base", type=Path, metavar="BASE", help=tr("cli.help-driver-base"))
    one.add_argument("ours", type=Path, metavar="OURS", help=tr("cli.help-driver-ours"))
    one.add_argument("theirs", type=Path, metavar="THEIRS", help=tr("cli.help-driver-theirs"))
    one.add_argument("path", type=Path, nargs="?", metavar="PATH", help=tr("cli.help-driver-path"))


def _diff(one: argparse.ArgumentParser) -> None:
    one.add_argument("before", type=Path, metavar="A", help=tr("cli.help-diff-before"))
    one.add_argument("after", type=Path, metavar="B", help=tr("cli.help-diff-after"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))


def _controls(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--share", type=float, metavar="PERCENT", help=tr("cli.help-share"))
    one.add_argument("--off", action="store_true", help=tr("cli.help-off"))
    _documents(one)


def _usage(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--annotator", metavar="NAME", help=tr("cli.help-one-annotator"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))
    one.add_argument("--csv", type=Path, metavar="FILE", help=tr("cli.help-csv"))
    one.add_argument("--html", type=Path, metavar="FILE", help=tr("cli.help-html"))


def _packages(one: argparse.ArgumentParser) -> None:
    _project(one)
    actions = ("split", "write", "progress")
    one.add_argument("action", choices=actions, nargs="?", default="progress", help=tr("cli.help-package-action"))
    one.add_argument("--annotator", action="append", metavar="NAME", dest="annotators", help=tr("cli.help-annotators"))
    one.add_argument("--overlap", type=float, default=0.0, metavar="PERCENT", help=tr("cli.help-overlap"))
    one.add_argument("--each", type=int, metavar="N", help=tr("cli.help-each"))
    one.add_argument("--seed", default="", metavar="WORD", help=tr("cli.help-seed"))
    one.add_argument("--again", action="store_true", help=tr("cli.help-split-again"))
    one.add_argument("--dry-run", action="store_true", help=tr("cli.help-dry-split"))
    one.add_argument("--to", type=Path, metavar="FOLDER", help=tr("cli.help-to"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))
    _documents(one)


def _agreement(one: argparse.ArgumentParser) -> None:
    one.add_argument("paths", type=Path, nargs="+", metavar="PATH", help=tr("agreement.help-paths"))
    _several(one, "--annotator", "annotators", "NAME", tr("agreement.help-annotator"))
    scopes = ("done", "worked", "controls", "others")
    one.add_argument("--scope", choices=scopes, default="done", help=tr("agreement.help-scope"))
    _several(one, "--document", "documents", "NAME", tr("agreement.help-document"))
    _several(one, "--label", "labels", "LABEL", tr("agreement.help-label"))
    one.add_argument("--samples", type=int, default=1000, metavar="N", help=tr("agreement.help-samples"))
    one.add_argument("--level", type=float, default=95.0, metavar="PERCENT", help=tr("agreement.help-level"))
    one.add_argument("--seed", type=int, default=1, metavar="N", help=tr("agreement.help-seed"))
    one.add_argument("-o", "--output", type=Path, action="append", metavar="FILE", help=tr("agreement.help-output"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))


def _adjudicate(one: argparse.ArgumentParser) -> None:
    _project(one)
    one.add_argument("--least", default="all", metavar="all|majority|N", help=tr("adjudication.help-least"))
    _several(one, "--label", "labels", "ID", tr("adjudication.help-label"))
    _several(one, "--facet", "facets", "ID", tr("adjudication.help-facet"))
    _several(one, "--annotator", "annotators", "NAME", tr("adjudication.help-annotator"))
    one.add_argument("--no-names", action="store_true", help=tr("adjudication.help-no-names"))
    one.add_argument("--dry-run", action="store_true", help=tr("adjudication.help-dry-run"))
    _documents(one)


def _register(one: argparse.ArgumentParser) -> None:
    _project(one)
    actions = ("list", "import", "export")
    one.add_argument("action", choices=actions, nargs="?", default="list", help=tr("register.help-action"))
    one.add_argument("input", type=Path, nargs="?", metavar="FILE", help=tr("register.help-input"))
    one.add_argument("--starter", choices=_STARTERS, help=tr("register.help-starter"))
    one.add_argument("-o", "--output", type=Path, metavar="FILE", help=tr("register.help-output"))
    one.add_argument("--words", metavar="WORDS", help=tr("register.help-words"))
    _several(one, "--label", "labels", "ID", tr("register.help-label"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))


def _nothing(one: argparse.ArgumentParser) -> None:
    """The command takes no argument of its own."""


_COMMANDS: tuple[tuple[str, Callable[[argparse.ArgumentParser], None]], ...] = (
    ("open", _open),
    ("new", _new),
    ("import", _import),
    ("suggest", _suggest),
    ("learn", add_learn),
    ("train", add_train),
    ("evaluate", add_evaluate),
    ("package", add_package),
    ("export", _export),
    ("formats", _nothing),
    ("merge", _merge),
    ("merge-driver", _merge_driver),
    ("diff", _diff),
    ("agreement", _agreement),
    ("adjudicate", _adjudicate),
    ("register", _register),
    ("controls", _controls),
    ("usage", _usage),
    ("packages", _packages),
    ("status", _status),
    ("check", _project),
    ("backup", _backup),
    ("restore", _restore),
    ("demo", _demo),
)
