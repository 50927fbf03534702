# `just check` is the only command to learn. The tools come from the virtual environment that the README makes,
# whether or not it is active: `.venv/bin/just check` is enough.

tools := justfile_directory() / if os_family() == "windows" { ".venv/Scripts;" } else { ".venv/bin:" }
languages := "src/normocyte/wording/languages"
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
# Bring the catalogues in step with the sentences in the source, and compile them: docs/how-to/translate.md.
messages:
    mkdir -p build
    pybabel -q extract -F babel.cfg -k to_translate -k deferred -k ndeferred:1,2 --no-location -o build/messages.pot src/normocyte
    for po in {{ languages }}/*.po; do code=$(basename $po .po); pybabel -q update --no-fuzzy-matching --ignore-obsolete -w 110 -i build/messages.pot -o $po -l $code && pybabel -q compile -i $po -o {{ languages }}/$code.mo; done

# Begin the catalogue of one more language: `just language es`.
language code:
    pybabel -q init -w 110 -i build/messages.pot -o {{ languages }}/{{ code }}.po -l {{ code }}

# Make the lock files from pyproject.toml again; what still fits keeps its version.
lock *options:
    sh requirements/compile.sh {{ options }}

# Move the lock to the newest versions that fit.
lock-upgrade: (lock "--upgrade")
