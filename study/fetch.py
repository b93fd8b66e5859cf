"""Unpacks the sources of packages from PyPI, at the versions that the study is measured on.

usage: fetch.py FOLDER NAME==VERSION...
"""
import glob
import os
import subprocess
import sys
import tempfile
import zipfile

folder, *packages = sys.argv[1:]
for package in packages:
    name = package.split("==")[0]
    target = os.path.join(folder, name)
    if os.path.isdir(target):
        continue
    with tempfile.TemporaryDirectory() as downloads:
        platforms = ["manylinux_2_17_x86_64", "manylinux2014_x86_64", "manylinux_2_28_x86_64", "any"]
        options = [option for platform in platforms for option in ("--platform", platform)]
        subprocess.run(
            [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--python-version", "3.13",
             "--only-binary", ":all:", *options, "-d", downloads, package],
            check=True,
        )
        with zipfile.ZipFile(glob.glob(os.path.join(downloads, "*.whl"))[0]) as wheel:
            for member in wheel.namelist():
                if member.endswith((".py", ".pyi", "py.typed")):
                    wheel.extract(member, target)
