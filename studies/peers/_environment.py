"""The peers' own environment: made once from the lock file, beside the project's and never in it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).with_name("requirements.txt")
MADE_FROM = "lock.sha256"


def environment(folder: Path, wheels: str) -> Path:
    """The Python of the environment, which is made anew when the lock file has changed."""
    python = folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    stamp = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    made = folder / MADE_FROM
    if not (made.is_file() and made.read_text(encoding="utf-8") == stamp):
        uv = [sys.executable, "-m", "uv"]
        subprocess.run([*uv, "venv", "--clear", "--python", "3.11", str(folder)], check=True)
        install = ["pip", "install", "--python", str(python), "--require-hashes", "--requirements", str(LOCK)]
        subprocess.run([*uv, *install, "--find-links", wheels], check=True)
        made.write_text(stamp, encoding="utf-8")
    return python
