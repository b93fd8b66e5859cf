"""Where the program is that came with this package."""

import os
import shutil
import sys
import sysconfig


def program() -> str:
    """The path of the program `ropewalk`: that of this environment, or else the first on the PATH."""
    name = "ropewalk.exe" if sys.platform == "win32" else "ropewalk"
    folders = [sysconfig.get_path("scripts"), os.path.dirname(sys.executable)]
    user = "nt_user" if sys.platform == "win32" else "posix_user"
    folders.append(sysconfig.get_path("scripts", scheme=user))
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.isfile(path):
            return path
    found = shutil.which(name)
    if found is None:
        raise FileNotFoundError(f"the program `{name}` is in none of {', '.join(folders)} and not on the PATH")
    return found
