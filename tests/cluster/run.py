"""Three worker processes on this machine: one is killed in the middle, one is slow, one result is lost.

`ci/cluster` runs it with a Python that has the engine, and with the program to test as `ropewalk` beside that Python.
What is merged in the end must be what one run gives, byte for byte, with the same exit code.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import distributed

from ropewalk import program
from ropewalk.cluster import Driver, __main__ as command_line
from ropewalk.cluster import driver as driver_module

SHARDS = 6
FORMATS = ["json", "sarif", "gitlab", "concise"]


def tree(folder: Path) -> None:
    """A program with a finding in every file, in several projects."""
    fixtures = Path(__file__).parents[2] / "fixtures" / "monorepo"
    shutil.copytree(fixtures, folder)
    for number in range(30):
        package = folder / "more" / f"p{number % 5}"
        package.mkdir(parents=True, exist_ok=True)
        text = f"from p{(number + 1) % 5} import m0\n\n\ndef f{number}(n: int) -> str:\n    return n\n"
        (package / f"m{number // 5}.py").write_text(text)


def outputs(folder: Path, arguments: list) -> tuple:
    """The exit code of a command, what it prints, and its reports."""
    with tempfile.TemporaryDirectory() as work:
        flags = [flag for name in FORMATS for flag in ("-o", f"{name}:{work}/{name}")]
        done = subprocess.run(
            [program(), *arguments, *flags], cwd=folder, capture_output=True, check=False
        )
        reports = [Path(work, name).read_bytes() for name in FORMATS]
    return done.returncode, done.stdout, reports


class Slow:
    """Takes the place of the program for workers: each shard takes a second, and the first start of one a minute."""

    def __init__(self, folder: Path) -> None:
        self.program = Path(program())
        self.real = self.program.with_name("ropewalk-real")
        self.taken = folder / "slow-is-taken"

    def __enter__(self) -> "Slow":
        self.program.rename(self.real)
        script = f"""#!/bin/sh
case "$*" in
    merge*) ;;
    *"--shard 2/{SHARDS}"*) if mkdir '{self.taken}' 2>/dev/null; then sleep 60; fi ;;
    *) sleep 1 ;;
esac
exec '{self.real}' "$@"
"""
        self.program.write_text(script)
        self.program.chmod(0o755)
        return self

    def __exit__(self, *_: object) -> None:
        self.real.replace(self.program)


def kill_one(client: distributed.Client, killed: list) -> None:
    """Kills a worker that is in the middle of a shard, by its process id, but not the one with the slow shard."""
    pids = client.run(os.getpid)
    while not killed:
        for worker, keys in client.processing().items():
            slow = any(f"shard-2-of-{SHARDS}" in key for key in keys)
            if keys and not slow and worker in pids:
                time.sleep(0.3)
                os.kill(pids[worker], signal.SIGKILL)
                killed.append(pids[worker])
                return
        time.sleep(0.05)


def one_killed_one_slow_one_lost(folder: Path, work: Path) -> None:
    """The test that the name says."""
    expected = outputs(folder, ["check"])
    assert expected[0] == 1
    lost: list = []
    killed: list = []

    def lose(number: int, path: Path) -> None:
        if number == 4 and not lost:
            lost.append(path)
            path.unlink()

    with Slow(work), distributed.LocalCluster(
        n_workers=3, threads_per_worker=1, dashboard_address=None
    ) as cluster, distributed.Client(cluster) as client:
        killer = threading.Thread(target=kill_one, args=(client, killed), daemon=True)
        killer.start()
        begin = time.monotonic()
        driver = Driver(client, ["check"], SHARDS, str(folder), work, on_result=lose)
        files = driver.run()
        killer.join(timeout=10)
        taken = time.monotonic() - begin
    assert killed and lost, (killed, lost)
    assert (work / "slow-is-taken").is_dir()
    assert taken < 55, f"the slow shard was waited for: {taken:.0f} s"
    merged = outputs(folder, ["merge", *map(str, files)])
    assert merged == expected, "what is merged is not what one run gives"
    print(f"the same bytes after {taken:.1f} s: worker {killed[0]} killed, {lost[0].name} lost, shard 2 late")


def from_the_command_line(folder: Path, work: Path) -> None:
    """`python -m ropewalk.cluster` gives what the program gives; files may be sent along."""
    for extra in ([], ["--ship"]):
        with changed(folder):
            one = subprocess.run([program(), "check", "--output-format", "json"], capture_output=True, check=False)
            many = subprocess.run(
                [sys.executable, "-m", "ropewalk.cluster", "--workers", "2", "--shards", "3", *extra]
                + ["check", "--", "--output-format", "json"],
                capture_output=True,
                check=False,
            )
        words = many.stderr.decode(errors="replace")
        assert many.stdout == one.stdout and many.returncode == one.returncode == 1, words
        assert "3 of 3 shards are done" in words and "the cluster can be watched on" in words, words
    with changed(folder):
        assert command_line.main(["--shards", "x", "--workers", "1", "check"]) == 2
        # What can't be checked is an error that says why.
        assert command_line.main(["--workers", "1", "--retries", "0", "check", "no-such-folder"]) == 2


@contextlib.contextmanager
def changed(folder: Path):
    """The working directory is another one."""
    here = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(here)


def main() -> None:
    """All tests."""
    driver_module.LEAST_LATE = 1.0
    with tempfile.TemporaryDirectory() as temporary:
        folder, work = Path(temporary, "tree"), Path(temporary, "work")
        work.mkdir()
        tree(folder)
        one_killed_one_slow_one_lost(folder, work)
        from_the_command_line(folder, work)


if __name__ == "__main__":
    main()
