# `just check` is the only command to learn. The tools come from the virtual environment that the README makes,
# whether or not it is active: `.venv/bin/just check` is enough.

tools := justfile_directory() / if os_family() == "windows" { ".venv/Scripts;" } else { ".venv/bin:" }
export PATH := tools + env("PATH")

# Everything that must hold before a change is shared.
check: format-check lint types layers test

# Bring all code into the one format and mend what a machine can mend.
format:
    ruff check --fix-only .
    ruff format .

# Is everything in the one format?
format-check:
    ruff format --check .

# Style, docstrings, complexity.
lint:
    ruff check .

# Types, strictly.
types:
    mypy

# Who imports whom.
layers:
    lint-imports

# The whole suite, or what is named: `just test tests/core`.
test *what:
    python -m pytest -n 2 {{ what }}

# The main job on the embedded data.
demo *options:
    normocyte demo {{ options }}

# The documentation site: open build/site/index.html. Needs requirements/docs.txt. Warnings are errors.
docs:
    python docs/reference/make.py
    python -m sphinx -q -W --keep-going -d build/doctrees -c docs/site . build/site

# Do links to other sites still lead somewhere? Needs a network.
docs-links:
    python -m sphinx -q -W --keep-going -b linkcheck -d build/doctrees -c docs/site . build/links

# Run the notebooks in Jupyter and keep their outputs. Needs requirements/docs.txt.
notebooks:
    python docs/notebooks/make.py

# Make the lock files from pyproject.toml again; what still fits keeps its version.
lock *options:
    sh requirements/compile.sh {{ options }}

# Move the lock to the newest versions that fit.
lock-upgrade: (lock "--upgrade")
