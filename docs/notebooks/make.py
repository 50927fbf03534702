"""Runs the notebooks in Jupyter and keeps their outputs. Needs the extras docs and train.

    python docs/notebooks/make.py [NOTEBOOK...]

Each runs in an empty folder. What tells of the machine is not kept.
"""

import os
import sys
from base64 import b64decode, b64encode
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import nbformat
from nbclient import NotebookClient
from PIL import Image

HERE = Path(__file__).parent
CODE, SOURCE = "code", "source_digest"
PNG, COLOURS = "image/png", 96
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"}


def source_digest(cells: list) -> str:
    """The SHA-256 of the code, by which a test sees that the outputs are of this code."""
    return sha256(
        "\n\n".join(cell["source"] for cell in cells if cell["cell_type"] == CODE).encode()
    ).hexdigest()


def small(png: str) -> str:
    """A picture with few colours, so that a notebook stays small in git."""
    kept = BytesIO()
    Image.open(BytesIO(b64decode(png))).convert("RGB").quantize(COLOURS).save(kept, "PNG", optimize=True)
    return b64encode(kept.getvalue()).decode()


def run(file: Path) -> None:
    """Run a notebook and write it with its outputs."""
    notebook = nbformat.read(file, as_version=4)
    with TemporaryDirectory() as folder:
        resources = {"metadata": {"path": folder}}
        NotebookClient(notebook, timeout=600, resources=resources, record_timing=False).execute()
    for output in (one for cell in notebook.cells for one in cell.get("outputs", [])):
        if PNG in output.get("data", {}):
            output["data"][PNG] = small(output["data"][PNG])
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        SOURCE: source_digest(notebook.cells),
    }
    nbformat.write(notebook, file)


if __name__ == "__main__":
    os.environ.update(QUIET)
    for name in sys.argv[1:] or sorted(HERE.glob("*.ipynb")):
        run(Path(name))
