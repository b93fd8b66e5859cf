"""What each policy (src/policy/table.rs) does on real code: lines that come and go when it is switched off.

usage: policies.py BINARY RESULTS FOLDER... [--python PYTHON] [--others FOLDER] [--only NAME,NAME] [--lines FILE]

A line is a place and a rule; words do not count. RESULTS is a file of JSON lines, one for each folder and policy, which
the page `docs/src/policies.md` is made from; those of other folders and policies stay. `--others` has a file NAME.txt
for each folder NAME with the lines (`path:line`) that other checkers report as errors: how many of the lines that come
are among them is counted too. `--lines` gets the lines that come and go, to be read.
"""
import argparse
import collections
import json
import os
import re
import subprocess

parser = argparse.ArgumentParser(usage=__doc__)
parser.add_argument("binary")
parser.add_argument("results")
parser.add_argument("folders", nargs="+")
parser.add_argument("--python")
parser.add_argument("--others")
parser.add_argument("--only")
parser.add_argument("--lines")
args = parser.parse_args()


def check(folder, without):
    """The findings of a folder by place and rule, with their words."""
    command = [os.path.abspath(args.binary), "check", ".", "--output-format", "concise", "--no-progress"]
    command += ["--python", args.python] if args.python else []
    environment = {**os.environ, "ROPEWALK_WITHOUT": without}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if run.returncode not in (0, 1):
        raise SystemExit(f"{folder} without {without!r}: {run.stderr}")
    found = collections.defaultdict(list)
    for line in run.stdout.splitlines():
        if match := re.match(r"(.+?:\d+):\d+: \w+\[[\w-]+\]", line):
            found[match[0]].append((match[1], line))
    return found


def names():
    """The names of all policies, as the program lists them for a name that it does not know."""
    command = [os.path.abspath(args.binary), "check", "."]
    environment = {**os.environ, "ROPEWALK_WITHOUT": "?"}
    words = subprocess.run(command, env=environment, capture_output=True, text=True).stderr
    return re.sub(r"\s+", " ", words).split("`?`: ")[1].strip().split(", ")


def others(folder):
    """The lines of a folder that other checkers report; `None` where nobody has asked them."""
    path = os.path.join(args.others or "", os.path.basename(os.path.abspath(folder)) + ".txt")
    return set(open(path).read().split("\n")) if args.others and os.path.exists(path) else None


def beside(first, second):
    """The findings of the first that the second has not."""
    return [entry for key, entries in first.items() for entry in entries[len(second.get(key, [])):]]


rows = {}
if os.path.exists(args.results):
    for line in open(args.results):
        row = json.loads(line)
        rows[row["folder"], row["policy"]] = row
log = open(args.lines, "w") if args.lines else None
for folder in args.folders:
    name, seconds, base = os.path.basename(os.path.abspath(folder)), others(folder), check(folder, "")
    for policy in args.only.split(",") if args.only else names():
        found = check(folder, policy)
        come, go = beside(found, base), beside(base, found)
        row = {"folder": name, "policy": policy, "come": len(come), "go": len(go)}
        if seconds is not None:
            row["seconded"] = sum(place in seconds for place, _ in come)
            row["gone_seconded"] = sum(place in seconds for place, _ in go)
        rows[name, policy] = row
        print(*row.values(), flush=True)
        for sign, lines in (("+", come), ("-", go)) if log else ():
            for place, line in lines:
                mark = "" if seconds is None else "*" if place in seconds else " "
                print(policy, name, sign + mark, line, file=log, flush=True)
    with open(args.results, "w") as file:
        for _, row in sorted(rows.items()):
            print(json.dumps(row), file=file)
