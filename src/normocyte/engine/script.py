"""The script that begins processes: each imports it again."""

import contextlib
import sys
from pathlib import Path

from normocyte.core.errors import ConfigError


def died(count: int) -> str:
    """Why one of so many processes most likely died, and what to do."""
    script = _script_without_guard()
    if script:
        return (
            f"One of {count} worker processes died: each imports {script} again, which has no "
            '`if __name__ == "__main__":` around its work. Put the work below that line, or choose 1 for '
            "workers."
        )
    return (
        f"One of {count} worker processes died, most likely for lack of memory. Free some, or work in one "
        "process: choose 1 for workers."
    )


def check_main(count: int) -> None:
    """ConfigError where processes cannot be begun: each looks for the file of the script, which is none."""
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None)
    if script and not getattr(main, "__spec__", None) and not Path(script).exists():
        raise ConfigError(
            f"The script that runs is no file ({script}), and {count} worker processes each import it again. "
            "Save it as a file, or choose 1 for workers."
        )


def _script_without_guard() -> str:
    """The script that runs, where it can be read and names no `__main__`; else nothing."""
    main = sys.modules["__main__"]
    script = getattr(main, "__file__", None)
    if not script or getattr(main, "__spec__", None):  # python -m and a shell
        return ""
    with contextlib.suppress(OSError):
        return "" if b"__main__" in Path(script).read_bytes() else str(script)
    return ""
