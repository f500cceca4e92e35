"""What the commands that train and measure pipelines understand."""

from __future__ import annotations

import argparse
from pathlib import Path

from app.messages import tr
from app.training import EPOCHS, PARTS


def add_train(one: argparse.ArgumentParser) -> None:
    """Add the arguments of ``kurator train``."""
    one.add_argument("project", type=Path, metavar="PROJECT", help=tr("cli.help-project"))
    one.add_argument("--out", type=Path, required=True, metavar="FOLDER", help=tr("training.help-out"))
    one.add_argument("--base", default="built-in", metavar="NAME", help=tr("training.help-base"))
    one.add_argument("--part", action="append", dest="parts", choices=PARTS, help=tr("training.help-part"))
    _whose(one)
    one.add_argument("--curve", action="store_true", help=tr("training.help-curve"))
    one.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help=tr("training.help-epochs"))
    one.add_argument("--minutes", type=float, metavar="N", help=tr("training.help-minutes"))
    one.add_argument("--seed", type=int, default=1, metavar="N", help=tr("training.help-seed"))
    one.add_argument("--resume", action="store_true", help=tr("training.help-resume"))
    one.add_argument("--name", default="kurator", metavar="NAME", help=tr("training.help-name"))
    one.add_argument("--licence", default="", metavar="TEXT", help=tr("training.help-licence"))
    one.add_argument("--names", action="store_true", help=tr("training.help-names"))
    one.add_argument("--trust", action="store_true", help=tr("training.help-trust"))


def add_learn(one: argparse.ArgumentParser) -> None:
    """Add the arguments of ``kurator learn``."""
    one.add_argument("project", type=Path, metavar="PROJECT", help=tr("cli.help-project"))
    one.add_argument("--if-due", action="store_true", help=tr("learning.help-if-due"))
    one.add_argument("--mode", choices=("off", "offer", "take"), help=tr("learning.help-mode"))
    one.add_argument("--take", type=int, nargs="?", const=0, metavar="N", help=tr("learning.help-take"))
    one.add_argument("--back", action="store_true", help=tr("learning.help-back"))
    one.add_argument("--decline", action="store_true", help=tr("learning.help-decline"))
    one.add_argument("--status", action="store_true", help=tr("learning.help-status"))
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))


def add_evaluate(one: argparse.ArgumentParser) -> None:
    """Add the arguments of ``kurator evaluate``."""
    one.add_argument("project", type=Path, metavar="PROJECT", help=tr("cli.help-project"))
    one.add_argument("--pipeline", metavar="NAME", help=tr("training.help-pipeline"))
    one.add_argument("--mapping", type=Path, metavar="FILE", help=tr("cli.help-mapping"))
    splits = ("train", "dev", "test", "held-out", "all")
    one.add_argument("--split", choices=splits, default="test", help=tr("training.help-split"))
    _whose(one)
    one.add_argument("--json", action="store_true", help=tr("cli.help-json"))
    one.add_argument("--csv", type=Path, metavar="FILE", help=tr("cli.help-csv"))
    one.add_argument("--html", type=Path, metavar="FILE", help=tr("cli.help-html"))
    one.add_argument("--trust", action="store_true", help=tr("training.help-trust"))


def add_package(one: argparse.ArgumentParser) -> None:
    """Add the arguments of ``kurator package``."""
    one.add_argument("folder", type=Path, metavar="FOLDER", help=tr("training.help-folder"))
    one.add_argument("-o", "--out", type=Path, required=True, metavar="DIR", help=tr("training.help-wheel-out"))
    one.add_argument("--name", metavar="NAME", help=tr("training.help-wheel-name"))


def _whose(one: argparse.ArgumentParser) -> None:
    """Add which labels count."""
    one.add_argument("--label", action="append", dest="labels", metavar="ID", help=tr("training.help-label"))
    one.add_argument(
        "--annotator", action="append", dest="annotators", metavar="NAME", help=tr("training.help-annotator")
    )
    one.add_argument("--adjudicated", action="store_true", help=tr("training.help-adjudicated"))
    one.add_argument("--done", action="store_true", help=tr("training.help-done"))
    one.add_argument("--since", metavar="DAY", help=tr("training.help-since"))
    one.add_argument("--until", metavar="DAY", help=tr("training.help-until"))
