"""A plain call of `score` or `smear` needs no Typer, and is understood as Typer understands it."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from normocyte.cli.app import app
from normocyte.cli.quick import QUICK, understood

PLAIN = {
    "score a.png b --output=x.csv --workers 2": {
        "paths": [Path("a.png"), Path("b")],
        "output": Path("x.csv"),
        "workers": 2,
    },
    "score --own-null a --false-positive-rate .05": {
        "paths": [Path("a")],
        "own_null": True,
        "false_positive_rate": 0.05,
    },
    "smear photos --out x --red-cells 4.5e6": {
        "photos": [Path("photos")],
        "out": Path("x"),
        "red_cells": 4.5e6,
    },
}
FOR_TYPER = [
    "",
    "--help",
    "info shipped",
    "score",
    "score a -h",
    "score a --",
    "score a --output",
    "score a --output --quality",
    "score a --workers two",
    "score a --workers -1",
    "score a --false-positive-rate nan",
    "score a --own-null=1",
    "score a --own_null",
    "score a --plugins own",
    "smear --plan 0.01",
]


@pytest.mark.parametrize("call", PLAIN)
def test_a_plain_call_is_understood(call):
    assert understood(call.split()) == PLAIN[call]


@pytest.mark.parametrize("call", FOR_TYPER)
def test_all_else_is_left_to_typer(call):
    assert understood(call.split()) is None


@pytest.mark.parametrize("name", QUICK)
def test_the_options_are_those_of_the_command(name):
    many, options = QUICK[name]
    params = {param.name: param for param in get_command(app).commands[name].params}
    assert {*options, many} == set(params) - {"plugins", "help"}
    assert {field for field, convert in options.items() if convert is None} == {
        field for field in options if params[field].is_flag
    }


PROGRAM = """
import atexit, sys
atexit.register(print, "handled")
from normocyte.cli.quick import main
try:
    main()
finally:
    print("went on")
"""


@pytest.mark.parametrize(("name", "said"), [("normocyte", "handled\n"), ("mine.py", "went on\nhandled\n")])
def test_the_program_ends_at_once_after_its_handlers_and_a_script_that_calls_it_goes_on(tmp_path, name, said):
    script = tmp_path / name
    script.write_text(PROGRAM)
    done = subprocess.run([sys.executable, script, "score", "nowhere.png"], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (2, said)
    assert "nowhere.png" in done.stderr


STOPPED_EARLY = """
import os, signal, sys
awaited = sys.argv.pop()
class Waiting:
    def find_spec(self, name, path=None, target=None):
        if name == awaited:
            os.kill(os.getpid(), signal.SIGINT)
sys.meta_path.insert(0, Waiting())
from normocyte.__main__ import main
main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="this system sends no signals")
@pytest.mark.parametrize("words", [["score", "a.png", "normocyte.cli.door"], ["new", "normocyte.cli.app"]])
def test_ctrl_c_while_the_command_is_imported_shows_no_traceback(words):
    done = subprocess.run([sys.executable, "-c", STOPPED_EARLY, *words], capture_output=True, text=True)
    assert done.returncode == 130
    assert done.stderr == "Stopped. Files that were not whole yet are gone, all others are kept.\n"


@pytest.mark.skipif(sys.platform == "win32", reason="this system sends no signals")
def test_ctrl_c_before_that_ends_the_process_without_a_word():
    words = ["score", "a.png", "normocyte.cli.streams"]
    done = subprocess.run([sys.executable, "-c", STOPPED_EARLY, *words], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (-signal.SIGINT, "")
