"""Starts shards as tasks, and sees to it that each has a result in the end."""

import contextlib
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Callable, Dict, List, Optional, Sequence, Set

from ropewalk import program
from ropewalk.cluster.shard import run_shard

# A shard that runs so many times as long as others did is started a second time, if there is a worker without work.
LATE = 3.0
# Less than this many seconds is never late.
LEAST_LATE = 2.0
# How often a look is taken, in seconds.
LOOK = 0.5


class Failed(Exception):
    """A shard has no result, however often it was started."""


def say(words: str) -> None:
    """A line on standard error."""
    print(words, file=sys.stderr, flush=True)


class Driver:
    """A run in shards on the workers that a client of Dask has."""

    def __init__(
        self,
        client: Any,
        command: Sequence[str],
        shards: int,
        folder: str,
        results: Path,
        *,
        retries: int = 3,
        timeout: Optional[float] = None,
        tree: Optional[bytes] = None,
        on_result: Callable[[int, Path], None] = lambda number, path: None,
    ) -> None:
        """`folder` is where workers find the program, or where it lies in `tree`, which is sent to them."""
        self.client = client
        self.command = list(command)
        self.shards = shards
        self.folder = folder
        self.results = results
        self.retries = retries
        self.timeout = timeout
        self.tree = tree
        self.on_result = on_result
        self.taken: List[float] = []

    def path(self, number: int) -> Path:
        """Where the result of a shard is kept."""
        return self.results / f"shard-{number}-of-{self.shards}.json.zst"

    def run(self) -> List[Path]:
        """Runs all shards; gives the files of their results."""
        for number in range(1, self.shards + 1):
            self.path(number).unlink(missing_ok=True)
        errors: Dict[int, BaseException] = {}
        for attempt in range(self.retries + 1):
            missing = [n for n in range(1, self.shards + 1) if not self.path(n).is_file()]
            if not missing:
                break
            if attempt > 0:
                say(f"shards without a result are started again: {', '.join(map(str, missing))}")
            errors = self._round(missing)
        missing = [n for n in range(1, self.shards + 1) if not self.path(n).is_file()]
        if missing:
            reason = next((f": {errors[n]}" for n in missing if n in errors), "")
            raise Failed(f"there is no result of shard {missing[0]}/{self.shards}{reason}")
        return [self.path(number) for number in range(1, self.shards + 1)]

    def merge(self, arguments: Sequence[str]) -> int:
        """Merges the results, and gives the exit code of the run."""
        files = [str(self.path(number)) for number in range(1, self.shards + 1)]
        return subprocess.call([program(), "merge", *files, *arguments])

    def _round(self, missing: List[int]) -> Dict[int, BaseException]:
        """Runs shards once, the late ones twice; gives the errors of those that have failed."""
        from distributed import wait

        tree = None
        if self.tree is not None:
            # To all of them: what only one worker has is gone with it.
            tree = self.client.scatter(self.tree, broadcast=True, hash=False)
        running: Dict[Any, int] = {self._submit(number, tree): number for number in missing}
        seen_running: Dict[Any, float] = {}
        doubled: Set[int] = set()
        errors: Dict[int, BaseException] = {}
        while running:
            with self.client.as_current(), contextlib.suppress(TimeoutError):
                wait(list(running), timeout=LOOK, return_when="FIRST_COMPLETED")
            for future in [future for future in running if future.done()]:
                number = running.pop(future)
                if future.status == "finished" and not self.path(number).is_file():
                    self._keep(number, future, seen_running.get(future), errors)
                elif future.status != "finished":
                    errors[number] = future.exception() or RuntimeError(future.status)
            # The other of two that ran the same.
            for future, number in list(running.items()):
                if self.path(number).is_file():
                    running.pop(future)
                    future.cancel()
            for future in self._late(running, seen_running):
                number = running[future]
                if number not in doubled:
                    doubled.add(number)
                    say(f"shard {number}/{self.shards} is late and is started a second time")
                    running[self._submit(number, tree)] = number
        return errors

    def _submit(self, number: int, tree: Any) -> Any:
        return self.client.submit(
            run_shard,
            self.folder,
            self.command,
            number,
            self.shards,
            self.timeout,
            tree,
            pure=False,
            key=f"ropewalk-shard-{number}-of-{self.shards}-{time.monotonic_ns()}",
            retries=self.retries,
        )

    def _keep(
        self, number: int, future: Any, since: Optional[float], errors: Dict[int, BaseException]
    ) -> None:
        path = self.path(number)
        try:
            content = future.result()
        except BaseException as error:  # The worker that had it is gone, and whatever else there is.
            if isinstance(error, (KeyboardInterrupt, SystemExit)):
                raise
            errors[number] = error
            return
        part = path.with_suffix(".part")
        part.write_bytes(content)
        part.replace(path)
        self.taken.append(time.monotonic() - since if since is not None else LOOK)
        done = sum(self.path(n).is_file() for n in range(1, self.shards + 1))
        workers = len(self.client.scheduler_info(n_workers=-1)["workers"])
        say(f"{done} of {self.shards} shards are done, on {workers} workers")
        self.on_result(number, path)

    def _late(self, running: Dict[Any, int], seen_running: Dict[Any, float]) -> List[Any]:
        """Those that run for long while somebody has nothing to do."""
        now = time.monotonic()
        processing = self.client.processing()
        keys = {key for keys in processing.values() for key in keys}
        for future in running:
            if future.key in keys:
                seen_running.setdefault(future, now)
        is_idle = any(not keys for keys in processing.values())
        if not is_idle or not self.taken:
            return []
        limit = max(LATE * statistics.median(self.taken), LEAST_LATE)
        return [f for f in running if now - seen_running.get(f, now) > limit]
