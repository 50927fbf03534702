"""Ruff and mypy, and a proof that each of them would speak up."""

import pytest

FAULTS = {
    "print": ("T201", '"""A module."""\n\nprint(1)\n'),
    "assert": ("S101", '"""A module."""\n\nassert True\n'),
    "broad except": ("BLE001", '"""A module."""\n\ntry:\n    x = 1\nexcept Exception:\n    x = 2\n'),
    "no docstring": ("D103", '"""A module."""\n\n\ndef f() -> None:\n    return None\n'),
    "seven arguments": ("PLR0913", '"""A module."""\n\n\ndef _f(a, b, c, d, e, f, g):\n    return a\n'),
}


def test_ruff_finds_nothing(run):
    outcome = run("-m", "ruff", "check", ".")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_ruff_would_not_change_the_format(run):
    outcome = run("-m", "ruff", "format", "--check", ".")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


@pytest.mark.parametrize("fault", FAULTS)
def test_ruff_speaks_up(run, root, tmp_path, fault):
    rule, text = FAULTS[fault]
    (tmp_path / "module.py").write_text(text, encoding="utf-8")
    outcome = run(
        "-m", "ruff", "check", "--no-cache", "--config", str(root / "pyproject.toml"), str(tmp_path)
    )
    assert rule in outcome.stdout


def test_mypy_finds_nothing_in_strict_mode(run):
    outcome = run("-m", "mypy")
    assert outcome.returncode == 0, outcome.stdout + outcome.stderr


def test_mypy_is_strict_and_speaks_up(run, root, tmp_path):
    (tmp_path / "module.py").write_text("def f(x):\n    return x\n", encoding="utf-8")
    cache = root / ".mypy_cache"
    configuration = str(root / "pyproject.toml")
    outcome = run(
        "-m", "mypy", "--config-file", configuration, "--cache-dir", str(cache), str(tmp_path / "module.py")
    )
    assert "no-untyped-def" in outcome.stdout
