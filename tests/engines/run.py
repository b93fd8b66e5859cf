"""The recipes of `docs/src/shards.md`, word for word, on the engines that are installed.

`ci/engines` runs it with the program to test. Each recipe must give the bytes of one run; an engine that is not here is
named and passed over. Slurm gets three nodes on this machine, with a configuration of its own.
"""

import base64
import contextlib
import hashlib
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from typing import Callable, Iterator, List, Optional

REPOSITORY = Path(__file__).parents[2]
PAGE = (REPOSITORY / "docs/src/shards.md").read_text()
VERSION = "0.1.0"


class NotHere(Exception):
    """An engine that is not installed, by the name of what is missing."""


def blocks(heading: str, language: str) -> List[str]:
    """The code of a language below a heading of the page."""
    section = re.search(rf"^## {re.escape(heading)}\n(.*?)(?=^## )", PAGE, re.M | re.S)
    assert section, heading
    found = re.findall(rf"^( *)```{language}\n(.*?)^ *```$", section[1], re.M | re.S)
    return [re.sub(f"^{indent}", "", text, flags=re.M) for indent, text in found]


def needs(*programs: str) -> None:
    """All of the programs must be on the path."""
    for each in programs:
        if not shutil.which(each):
            raise NotHere(each)


def call(arguments: List[str], folder: Path, expected: int = 0, **more: str) -> str:
    """What a command prints; it ends with the code that is expected."""
    done = subprocess.run(
        arguments, cwd=folder, env={**os.environ, **more}, timeout=240, check=False,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    assert done.returncode == expected, f"{arguments} ended with {done.returncode}:\n{done.stdout}"
    return done.stdout


def tree(folder: Path) -> None:
    """A small program with findings all over, in two packages."""
    for number in range(24):
        package = folder / f"p{number % 4}"
        package.mkdir(parents=True, exist_ok=True)
        text = f"from p{(number + 1) % 4} import m0\nimport nowhere\n\n\ndef f{number}(n: int) -> str:\n    return n\n"
        (package / f"m{number // 4}.py").write_text(text)


def reported(program: Path, folder: Path, form: str, path: str) -> bytes:
    """What one run reports where programs are looked for in `path`, as the engine has it: packages come from there."""
    with tempfile.TemporaryDirectory() as work:
        report = Path(work, "report")
        call([str(program), "check", "-q", "-o", f"{form}:{report}"], folder, expected=1, PATH=path)
        return report.read_bytes()


def workflows(program: Path, folder: Path) -> str:
    """GitHub's workflow is one."""
    needs("actionlint")
    (workflow,) = blocks("GitHub Actions", "yaml")
    path = folder / ".github/workflows/types.yml"
    path.parent.mkdir(parents=True)
    path.write_text("on: push\n" + workflow)
    call(["actionlint", str(path)], folder)
    return "actionlint finds nothing"


def wheel(program: Path, folder: Path) -> None:
    """A wheel of the program, for what installs it."""
    folder.mkdir()
    record = ""
    with zipfile.ZipFile(folder / f"ropewalk-{VERSION}-py3-none-any.whl", "w") as archive:
        files = {
            f"ropewalk-{VERSION}.data/scripts/ropewalk": program.read_bytes(),
            f"ropewalk-{VERSION}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: ropewalk\nVersion: {VERSION}\n".encode(),
            f"ropewalk-{VERSION}.dist-info/WHEEL": b"Wheel-Version: 1.0\nRoot-Is-Purelib: false\nTag: py3-none-any\n",
        }
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, content)
            digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
            record += f"{name},sha256={digest},{len(content)}\n"
        archive.writestr(f"ropewalk-{VERSION}.dist-info/RECORD", record)


def gitlab(program: Path, folder: Path) -> str:
    """`parallel`, artifacts and the template, with a runner on this machine."""
    needs("gitlab-ci-local", "rsync", "git")
    (shards,) = blocks("GitLab", "yaml")
    (folder / "ci").mkdir()
    shutil.copy(REPOSITORY / "ci/gitlab.yml", folder / "ci")
    (folder / ".gitlab-ci.yml").write_text("include:\n  - local: ci/gitlab.yml\n" + shards)
    commit(folder)
    work = folder.parent / "gitlab-work"
    wheel(program, work)
    call([sys.executable, "-m", "venv", str(work / "venv")], folder)
    # Jobs on one machine share the environment: what they install is there before they race for it.
    call([f"{work}/venv/bin/pip", "install", "--no-index", "--find-links", str(work), "ropewalk"], folder)
    path = f"{work}/venv/bin:{os.environ['PATH']}"
    expected = reported(program, folder, "gitlab", path)
    variables = ["--variable", "PIP_NO_INDEX=1", "--variable", f"PIP_FIND_LINKS={work}"]
    said = call(["gitlab-ci-local", "--force-shell-executor", *variables], folder, expected=1, PATH=path)
    assert (folder / "gl-code-quality.json").read_bytes() == expected, said
    return "four jobs side by side"


def commit(folder: Path) -> None:
    """A folder becomes a repository, as some engines ask."""
    call(["git", "init", "-q", "."], folder)
    call(["git", "add", "-A"], folder)
    call(["git", "-c", "user.name=a", "-c", "user.email=a@localhost", "commit", "-qm", "a"], folder)


def bazel(program: Path, folder: Path) -> str:
    """Shards in the sandbox."""
    needs("bazel")
    expected = reported(program, folder, "sarif", os.environ["PATH"])
    macro, build = blocks("Bazel", "python")
    (folder / "ropewalk.bzl").write_text(macro)
    (folder / "BUILD").write_text(build.replace('program = "', 'merge_flags = "--exit-zero", program = "'))
    (folder / "WORKSPACE").write_text("")
    tool(program, folder)
    root = f"--output_user_root={folder.parent / 'bazel-root'}"
    try:
        call(["bazel", root, "build", "//:types"], folder)
        found = (folder / "bazel-bin/types.sarif").read_bytes()
    finally:
        call(["bazel", root, "shutdown"], folder)
    assert found == expected
    return "four actions in the sandbox"


def pants(program: Path, folder: Path) -> str:
    """Shards in the sandbox, and the merge as a test that fails."""
    needs("pants", "git")
    expected = reported(program, folder, "sarif", "/nowhere")
    (folder / "pants.toml").write_text(blocks("Pants", "toml")[0])
    (folder / "BUILD").write_text(blocks("Pants", "python")[0])
    tool(program, folder)
    commit(folder)
    # The daemon would outlive the test.
    off = {"PANTS_PANTSD": "false"}
    said = call(["pants", "test", "//:types"], folder, expected=1, **off)
    assert "24 files" in said or "invalid-return-type" in said, said
    report = (folder / "BUILD").read_text().replace("experimental_test_shell_command", "shell_command")
    report = report.replace("merge -q", "merge -q --exit-zero -o sarif:types.sarif")
    (folder / "BUILD").write_text(report.replace('name="types",', 'name="types", output_files=["types.sarif"],'))
    call(["pants", "export-codegen", "//:types"], folder, **off)
    assert (folder / "dist/codegen/types.sarif").read_bytes() == expected
    return "four processes in sandboxes, and a test"


def tool(program: Path, folder: Path) -> None:
    """The program where the recipes have it."""
    (folder / "tools").mkdir()
    shutil.copy(program, folder / "tools/ropewalk")


def slurm(program: Path, folder: Path) -> str:
    """An array with a shard too few, which is an error; the shard; and the result of one run."""
    needs("sbatch", "slurmctld", "slurmd")
    expected = reported(program, folder, "json", os.environ["PATH"])
    call([str(program), "check", "-q", "--baseline", "ropewalk-baseline.json", "--update-baseline"], folder)
    (folder / "ropewalk-shard.sbatch").write_text(blocks("Slurm", "bash")[0])
    lines = [line[2:] for line in blocks("Slurm", "console")[0].splitlines() if line.startswith("$ ")]
    assert len(lines) == 4
    bin = folder.parent / "slurm-bin"
    bin.mkdir()
    (bin / "ropewalk").symlink_to(program)
    with nodes(folder.parent / "slurm", bin) as environment:
        few = [lines[0], lines[1].replace("1-8", "1-7"), *lines[2:]]
        call(["bash", "-c", "\n".join(few)], folder, expected=2, **environment)
        assert "shard 8/8 is missing" in (folder / "found.txt").read_text()
        rest = [lines[1].replace("1-8", "8"), lines[2].replace("k merge", "k merge -o json:merged.json"), lines[3]]
        call(["bash", "-c", "\n".join(rest)], folder, expected=0, **environment)
    found, one = (json.loads(each) for each in ((folder / "merged.json").read_bytes(), expected))
    # The baseline hides what there is.
    assert not found["diagnostics"] and one["diagnostics"], found
    merged = folder / "all.json"
    call([str(program), "merge", "-q", *map(str, (folder / "results").iterdir()), "-o", f"json:{merged}"], folder, expected=1)
    assert merged.read_bytes() == expected
    return "an array on three nodes, and a shard that was missing"


@contextlib.contextmanager
def nodes(work: Path, bin: Path) -> Iterator[dict]:
    """A cluster on this machine that ends with the block; gives the environment to use it in."""
    work.mkdir()
    host, user = socket.gethostname().split(".")[0], subprocess.check_output(["id", "-un"], text=True).strip()
    port = free_ports(4)
    settings = {
        "ClusterName": "one", "SlurmctldHost": f"{host}(127.0.0.1)", "SlurmctldPort": port[0], "SlurmUser": user, "SlurmdUser": user,
        "AuthType": "auth/none", "CredType": "cred/none", "StateSaveLocation": work / "state", "SlurmdSpoolDir": work / "spool-%n",
        "SlurmctldPidFile": work / "slurmctld.pid", "SlurmdPidFile": work / "slurmd-%n.pid", "SlurmctldLogFile": work / "slurmctld.log",
        "SlurmdLogFile": work / "slurmd-%n.log", "ProctrackType": "proctrack/linuxproc", "TaskPlugin": "task/none",
        "SelectType": "select/cons_tres", "SelectTypeParameters": "CR_Core", "SlurmdParameters": "config_overrides", "MpiDefault": "none",
        "JobAcctGatherType": "jobacct_gather/none", "AccountingStorageType": "accounting_storage/none", "ReturnToService": 2,
        "SchedulerParameters": "batch_sched_delay=0,sched_interval=2",
    }  # fmt: skip
    (work / "state").mkdir()
    text = "".join(f"{name}={value}\n" for name, value in settings.items())
    for number in (1, 2, 3):
        text += f"NodeName=n{number} NodeHostname={host} NodeAddr=127.0.0.1 Port={port[number]} CPUs=4\n"
    configuration = work / "slurm.conf"
    configuration.write_text(text + "PartitionName=all Nodes=ALL Default=YES State=UP\n")
    environment = {"SLURM_CONF": str(configuration), "PATH": f"{bin}:{os.environ['PATH']}"}
    names = ["slurmctld", "slurmd-n1", "slurmd-n2", "slurmd-n3"]
    try:
        for name in names:
            daemon, _, node = name.partition("-")
            call([daemon, *(["-N", node] if node else [])], work, **environment)
        yield environment
    finally:
        for name in reversed(names):
            with contextlib.suppress(OSError, ValueError):
                os.kill(int((work / f"{name}.pid").read_text()), signal.SIGTERM)
        time.sleep(1)


def free_ports(count: int) -> List[int]:
    """Ports of this machine that nobody uses."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def main(arguments: Optional[List[str]] = None) -> int:
    """Tries the recipes that are named, or all."""
    program, *names = sys.argv[1:] if arguments is None else arguments
    recipes: List[Callable[[Path, Path], str]] = [workflows, gitlab, bazel, pants, slurm]
    for recipe in recipes:
        if names and recipe.__name__ not in names:
            continue
        begin = time.monotonic()
        work = Path(tempfile.mkdtemp(prefix="ropewalk-engines-"))
        try:
            tree(work / "tree")
            done = recipe(Path(program).absolute(), work / "tree")
        except NotHere as missing:
            print(f"{recipe.__name__}: not tried, there is no {missing}", flush=True)
            continue
        finally:
            # What sandboxes leave behind may be read-only.
            subprocess.run(["chmod", "-R", "u+w", str(work)], check=False)
            shutil.rmtree(work, ignore_errors=True)
        print(f"{recipe.__name__}: {done}, in {time.monotonic() - begin:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
