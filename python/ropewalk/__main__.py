"""`python -m ropewalk` is `ropewalk`."""

import subprocess
import sys

from ropewalk import program

if __name__ == "__main__":
    sys.exit(subprocess.call([program(), *sys.argv[1:]]))
