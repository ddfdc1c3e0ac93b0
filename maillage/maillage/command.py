"""The `maillage` command. Each verb loads only what it needs, so that each process starts quickly."""

# ruff: noqa: PLC0415

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

from maillage.children import end_with_parent
from maillage.installation import (
    DATA,
    NotTold,
    commands,
    demonstrations,
    recall_environment,
    run_command,
    services,
    show,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Parse, run, and return the exit status: 0 done, 1 refused or broken, 2 wrong call or not checked."""
    options = _parser().parse_args(arguments)
    if options.verb not in ("up", "contracts", "version") and not getattr(options, "shown", None):
        recall_environment(options.data)
    try:
        status: int = options.run(options)
    except NotTold as error:
        print(f"maillage: {error}", file=sys.stderr)
    except ConnectionError as error:
        print(
            f"maillage: a server does not answer ({type(error).__name__}). Is `maillage up` running?", file=sys.stderr
        )
    else:
        return status
    return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="maillage", description="Runs and looks after a Maillage installation.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    def verb(name: str, run: object, help_: str) -> argparse.ArgumentParser:
        made = verbs.add_parser(name, help=help_, description=help_)
        made.add_argument(
            "--data", type=Path, default=Path(os.environ.get("MAILLAGE_DATA", DATA)), help="data directory"
        )
        made.set_defaults(run=run)
        return made

    up = verb("up", _up, "Start everything on this machine and stay; Ctrl-C stops it.")
    up.add_argument("--port", type=int, default=8000, help="public port (8000)")
    up.add_argument("--no-demo", action="store_true", help="load no demonstration data")
    for name, run, help_ in (
        ("serve", _serve, "Answer HTTP for one service."),
        ("work", _work, "Relay events, consume them and do timed work for one service."),
    ):
        verb(name, run, help_).add_argument("service", choices=services())
    migrate = verb("migrate", _migrate, "Bring databases to their newest revision.")
    migrate.add_argument("service", nargs="*", help="only these services")
    migrate.add_argument("--sql", action="store_true", help="print what would run, run nothing")
    demo = verb("demo", _demo, "Load the demonstration into each empty database, or show one that a service brings.")
    _take_demonstration(demo)
    doctor = verb("doctor", _doctor, "Look whether everything is in order.")
    doctor.add_argument("--invariants", action="store_true", help="only whether the data contradict themselves")
    doctor.add_argument("--json", action="store_true", help="findings as JSON")
    doctor.add_argument("only", nargs="*", metavar="I7", help="only these invariants")
    mailbox = verb("mailbox", _mailbox, "Take every message of a development installation, and show them.")
    mailbox.add_argument("--smtp-port", type=int, default=1025)
    mailbox.add_argument("--http-port", type=int, default=8025)
    verb("contracts", _contracts, "Write OpenAPI, event schemas and AsyncAPI into contracts/.")
    letters = verb("dead-letters", _dead_letters, "List events that were given up, or send them again.")
    letters.add_argument("act", choices=["list", "requeue"])
    letters.add_argument("ids", nargs="*", help="requeue only these")
    verb("audit", _audit, "Verify the chain of the audit of every service.").add_argument("act", choices=["verify"])
    _take_commands(verb)
    verb("version", _version, "Print the version.")
    return parser


def _take_commands(verb: Callable[[str, object, str], argparse.ArgumentParser]) -> None:
    for name in commands():
        own = verb(name, _own, f"What only {name} has; alone, it says what.")
        own.add_argument("rest", nargs=argparse.REMAINDER, help="its acts and options")


def _take_demonstration(demo: argparse.ArgumentParser) -> None:
    demo.add_argument("--quiet", action="store_true", help="do not print the accounts, which hold passwords")
    demo.add_argument("shown", nargs="?", choices=demonstrations(), help="show this, on servers of its own")
    demo.add_argument("rest", nargs=argparse.REMAINDER, help="its own options: --help after its name")


def _up(options: argparse.Namespace) -> int:
    from maillage.up import Options, up

    return up(Options(options.data, options.port, not options.no_demo))


def _serve(options: argparse.Namespace) -> int:
    from maillage.processes import serve

    end_with_parent(os.getppid())
    return serve(options.service)


def _work(options: argparse.Namespace) -> int:
    from maillage.processes import work

    end_with_parent(os.getppid())
    return work(options.service)


def _migrate(options: argparse.Namespace) -> int:
    from maillage.operations import migrate_all

    unknown = set(options.service) - set(services())
    if unknown:
        print(f"maillage: no such service: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    status, text = asyncio.run(migrate_all(options.service or list(services()), only_print=options.sql))
    print(text)
    return status


def _demo(options: argparse.Namespace) -> int:
    if options.shown:
        return show(options.shown, options.rest)
    from maillage.processes import demo
    from maillage.up import accounts_table

    count = len(demo(options.data))
    if not count:
        print("Nothing was loaded: no database is empty.")
    elif not options.quiet:
        print(accounts_table(options.data / "accounts.json"))
    return 0


def _doctor(options: argparse.Namespace) -> int:
    from maillage.doctor import doctor

    status, text = doctor(options.only, invariants_only=options.invariants, as_json=options.json)
    print(text)
    return status


def _mailbox(options: argparse.Namespace) -> int:
    from maillage.mailbox import serve

    end_with_parent(os.getppid())
    asyncio.run(serve(options.smtp_port, options.http_port, options.data / "mail"))
    return 0


def _contracts(_options: argparse.Namespace) -> int:
    from maillage.published import write

    print("\n".join(write()) or "Nothing has changed.")
    return 0


def _dead_letters(options: argparse.Namespace) -> int:
    from maillage.operations import list_dead_letters, requeue_dead_letters

    if options.act == "list":
        print(asyncio.run(list_dead_letters()))
        return 0
    print(f"{asyncio.run(requeue_dead_letters(options.ids))} sent again.")
    return 0


def _audit(_options: argparse.Namespace) -> int:
    from maillage.operations import verify_audit

    status, text = asyncio.run(verify_audit())
    print(text)
    return status


def _own(options: argparse.Namespace) -> int:
    return run_command(options.verb, options.rest)


def _version(_options: argparse.Namespace) -> int:
    print(version("maillage"))
    return 0
