"""`python -m ropewalk.cluster`: a run of ropewalk on a cluster of Dask."""

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Iterator, List, Optional, Sequence, Tuple, Union

from ropewalk import program
from ropewalk.cluster.driver import Driver, Failed, say
from ropewalk.cluster.shard import packed

USAGE = 2

EXAMPLES = """examples:
  python -m ropewalk.cluster check                          workers on this machine
  python -m ropewalk.cluster --shards 8 check src -- --baseline known.json -o sarif:found.sarif
  python -m ropewalk.cluster --scheduler tcp://10.0.0.5:8786 --shards auto:60 check
"""


def parser() -> argparse.ArgumentParser:
    """The flags of the driver."""
    parser = argparse.ArgumentParser(
        prog="python -m ropewalk.cluster",
        description="Runs `ropewalk check` or `ropewalk audit` in shards on a cluster of Dask, and merges.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    where = parser.add_mutually_exclusive_group()
    where.add_argument("--scheduler", metavar="ADDRESS", help="the scheduler to use, as tcp://host:8786")
    where.add_argument("--scheduler-file", metavar="FILE", help="the file that the scheduler has written")
    where.add_argument("--workers", type=int, metavar="N", help="workers on this machine [default: one for two processors]")
    parser.add_argument("--shards", metavar="N", help="how many, or auto:SECONDS [default: two a worker]")
    parser.add_argument("--retries", type=int, default=3, metavar="N", help="how often a shard is started again [default: 3]")
    parser.add_argument("--timeout", type=float, metavar="SECONDS", help="a shard that takes longer is started again")
    parser.add_argument("--ship", action="store_true", help="send the files of this folder; otherwise workers read them from the same path, on storage that they share")
    parser.add_argument("--results", type=Path, metavar="DIR", help="keep the results of shards here")
    parser.add_argument("command", choices=["check", "audit"], help="what to run")
    parser.add_argument("flags", nargs=argparse.REMAINDER, help="its paths and flags; after --, outputs and baseline: the flags of `ropewalk merge`")
    return parser


def main(arguments: Optional[Sequence[str]] = None) -> int:
    """Runs the command; gives its exit code."""
    given, merge = split(list(sys.argv[1:] if arguments is None else arguments))
    args = parser().parse_args(given)
    try:
        import distributed
    except ImportError:
        say("error: the engine is not installed: pip install 'ropewalk[dask]'")
        return USAGE
    command = [args.command, *args.flags]
    try:
        with connected(args, distributed) as client:
            say(f"the cluster can be watched on {client.dashboard_link}")
            return run(args, client, command, merge)
    except (Failed, OSError) as error:
        say(f"error: {error}")
        return USAGE


def split(flags: List[str]) -> Tuple[List[str], List[str]]:
    """What stands before `--`, and what `merge` is given."""
    if "--" not in flags:
        return flags, []
    at = flags.index("--")
    return flags[:at], flags[at + 1 :]


@contextlib.contextmanager
def connected(args: argparse.Namespace, distributed: Any) -> Iterator[Any]:
    """A client of the cluster that was asked for; one that is made here ends here."""
    if args.scheduler or args.scheduler_file:
        with distributed.Client(
            address=args.scheduler, scheduler_file=args.scheduler_file, set_as_default=False
        ) as client:
            yield client
        return
    workers = args.workers or max((os.cpu_count() or 1) // 2, 1)
    with distributed.LocalCluster(
        n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
    ) as cluster, distributed.Client(cluster, set_as_default=False) as client:
        yield client


def run(args: argparse.Namespace, client: Any, command: List[str], merge: List[str]) -> int:
    """Runs and merges."""
    count = shards(args.shards, command, workers(client))
    if isinstance(count, str):
        say(f"error: {count}")
        return USAGE
    folder, tree = str(Path.cwd()), None
    if args.ship:
        folder, tree = ".", packed(Path.cwd())
    with tempfile.TemporaryDirectory(prefix="ropewalk-results-") as temporary:
        results = args.results or Path(temporary)
        results.mkdir(parents=True, exist_ok=True)
        driver = Driver(
            client,
            command,
            count,
            folder,
            results,
            retries=args.retries,
            timeout=args.timeout,
            tree=tree,
        )
        driver.run()
        return driver.merge(merge)


def workers(client: Any) -> int:
    """How many workers there are; one of them is waited for, which a queue of jobs may start late."""
    found = len(client.scheduler_info(n_workers=-1)["workers"])
    if found == 0:
        say("no worker is there yet: waiting for one")
        client.wait_for_workers(1)
        found = len(client.scheduler_info(n_workers=-1)["workers"])
    return found


def shards(asked: Optional[str], command: List[str], workers: int) -> Union[int, str]:
    """How many shards there are to be, or what is wrong."""
    if asked is None:
        return max(2 * workers, 1)
    if asked.startswith("auto:"):
        if command[0] != "check":
            return "--shards auto is for `check`"
        done = subprocess.run(
            [program(), *command, "--shards", asked], stdout=subprocess.PIPE, text=True, check=False
        )
        return int(done.stdout) if done.returncode == 0 else f"--shards {asked} can't be answered"
    return int(asked) if asked.isdigit() and int(asked) > 0 else f"--shards: expected a number or auto:SECONDS, got {asked}"


if __name__ == "__main__":
    sys.exit(main())
