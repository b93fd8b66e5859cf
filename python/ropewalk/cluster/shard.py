"""What a worker does: it runs one shard and gives its result back."""

import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import List, Optional, Sequence

from ropewalk import program


class ShardFailed(Exception):
    """The program could not check the shard, and says why."""


def run_shard(
    folder: str,
    command: Sequence[str],
    number: int,
    of: int,
    timeout: Optional[float] = None,
    tree: Optional[bytes] = None,
) -> bytes:
    """The result of a shard of `command` in `folder`, or in the same folder of `tree`, which was sent along."""
    where = Path(folder) if tree is None else unpacked(tree) / folder
    with tempfile.TemporaryDirectory(prefix="ropewalk-") as work:
        result = Path(work, "result.json.zst")
        arguments = [program(), *command, "--shard", f"{number}/{of}", "-o", f"shard:{result}", "-q"]
        done = subprocess.run(
            arguments,
            cwd=where,
            timeout=timeout,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            check=False,
        )
        if done.returncode != 0 or not result.is_file():
            words = done.stderr.decode(errors="replace").strip()
            raise ShardFailed(f"shard {number}/{of} ended with {done.returncode}: {words}")
        return result.read_bytes()


def packed(folder: Path) -> bytes:
    """The files of a folder, as an archive: those that git would add, or all of them."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=folder,
        capture_output=True,
        check=False,
    )
    names: List[str]
    if listed.returncode == 0:
        names = sorted({name for name in os.fsdecode(listed.stdout).split("\0") if name})
    else:
        names = sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if not path.is_dir())
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w:gz", compresslevel=1) as tar:
        for name in names:
            if os.path.lexists(folder / name):
                tar.add(folder / name, arcname=name, recursive=False)
    return archive.getvalue()


def unpacked(tree: bytes) -> Path:
    """The folder in which an archive is unpacked, once a machine."""
    name = "ropewalk-tree-" + hashlib.sha256(tree).hexdigest()[:24]
    target = Path(tempfile.gettempdir(), name)
    if target.is_dir():
        return target
    part = Path(tempfile.mkdtemp(prefix=name))
    with tarfile.open(fileobj=io.BytesIO(tree), mode="r:gz") as tar:
        if hasattr(tarfile, "data_filter"):
            tar.extractall(part, filter="tar")
        else:
            tar.extractall(part)
    try:
        part.rename(target)
    except OSError:
        # Another worker of this machine was quicker.
        shutil.rmtree(part, ignore_errors=True)
    return target
