"""The command line: `python -m mlpcore train|worker|runs|export|predict`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from functools import partial

from mlpcore.cli import UsageError
from mlpcore.errors import MLPLabError, SpecError
from mlpcore.import_blocker import without_unused_imports
from mlpcore.machine import MAX_WORKERS


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit status is 0 for success, 1 for a failure, 2 for arguments that cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options)
    except (SpecError, UsageError) as error:
        print(error, file=sys.stderr)
        return 2
    except MLPLabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _run(options: argparse.Namespace) -> int:
    # Each command loads only what it needs.
    with without_unused_imports():
        if options.command == "train":
            from mlpcore.cli.training import train  # noqa: PLC0415

            command = partial(train, options.spec, options.json)
        elif options.command == "worker":
            from mlpcore.cli.training import serve_queue  # noqa: PLC0415

            command = partial(serve_queue, options.workers, options.for_dashboard)
        elif options.command == "export":
            from mlpcore.cli.stored_runs import export_code  # noqa: PLC0415

            command = partial(export_code, options.run, options.notebook, options.out)
        elif options.command == "predict":
            from mlpcore.cli.predict import predict  # noqa: PLC0415

            command = partial(predict, options.run, options.files, options.json)
        else:
            from mlpcore.cli.stored_runs import list_runs  # noqa: PLC0415

            command = partial(list_runs, options.json)
    return command()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m mlpcore",
        description="MLP Lab without its pages. MLPCORE_DATA names the data folder (data/ by default).",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    train = commands.add_parser(
        "train",
        help="train a network in the foreground and record the run",
        description="Train a network and record the run like any other. The exit status is 0 when it finished, 1 when"
        " it failed, diverged or was stopped, and 2 when the spec is not valid.",
    )
    train.add_argument(
        "spec", metavar="SPEC.json", help='what to train, such as {"dataset": "mnist"}; - reads it from standard input'
    )
    train.add_argument("--json", action="store_true", help="write one JSON object per line, one for each event")
    worker = commands.add_parser(
        "worker",
        help="train what the pages and scripts have queued",
        description="Serve the queue until Ctrl-C, which puts the runs in training back into it.",
    )
    worker.add_argument(
        "--workers",
        type=_worker_number,
        metavar="N",
        help="processes that train at the same time (default: MLPCORE_WORKERS, else one or two, as the machine allows)",
    )
    worker.add_argument("--for-dashboard", action="store_true", help=argparse.SUPPRESS)
    runs = commands.add_parser(
        "runs",
        help="list all runs, the best validation accuracy first",
        description="List all runs by the validation accuracy of the network that each kept, the best first. Runs"
        " without validation come after them, finished ones before stopped ones; failed and diverged runs are last.",
    )
    runs.add_argument("--json", action="store_true", help="write a JSON list with one run per line")
    export = commands.add_parser(
        "export",
        help="write a run's training as plain Keras code",
        description="Write a run's training as a Python script or as a Jupyter notebook in plain Keras.",
    )
    export.add_argument("run", type=_run_number, metavar="RUN", help="the number of the run")
    export.add_argument("--notebook", action="store_true", help="a notebook, as Google Colab opens it")
    export.add_argument("--out", metavar="FILE", help="the file to write (default: standard output)")
    predict = commands.add_parser(
        "predict",
        help="classify pictures and drawn digits with a run's network",
        description="Classify pictures (PNG, JPEG, WebP, GIF, BMP) and drawn digits,"
        ' {"digits": [{"label": 3, "strokes": [[[x, y], ...], ...]}, ...]} with x to the right and y down, from 0 to 1,'
        " with a run's network or the mean of its networks. The exit status is 0 when everything was read, 1 when the"
        " run has no network that can be used, and 2 when a file, or one of several networks, cannot be used; the"
        " others are classified all the same.",
    )
    predict.add_argument("run", type=_run_number, metavar="RUN", help="the number of the run")
    predict.add_argument("files", nargs="+", metavar="FILE", help="a picture, or a .json file of drawn digits")
    predict.add_argument(
        "--json", action="store_true", help="write one JSON object per line, one for each picture or digit"
    )
    return parser


def _worker_number(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text) <= MAX_WORKERS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {MAX_WORKERS}")


def _run_number(text: str) -> int:
    if text.isascii() and text.isdigit() and len(text) < 19:
        return int(text)
    raise argparse.ArgumentTypeError(f"{text!r} is not the number of a run")


if __name__ == "__main__":
    sys.exit(main())
