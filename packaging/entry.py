"""Where a frozen build starts: the same as the ``crosstalk`` command."""

import os
from multiprocessing import freeze_support

from app.cli import main


def give_back_library_path() -> None:
    """Programs of the system that the app starts must load the system's libraries, not ours.

    PyInstaller's starter puts our folder before them; the loader of this process has read it.
    """
    former = os.environ.pop("LD_LIBRARY_PATH_ORIG", None)
    if former is None:
        os.environ.pop("LD_LIBRARY_PATH", None)
    else:
        os.environ["LD_LIBRARY_PATH"] = former


if __name__ == "__main__":
    freeze_support()
    give_back_library_path()
    main()
