"""The documentation site: the Markdown of this repository as pages that need no network.

    python -m sphinx -W -c docs/site . build/site

The folder above `docs/` is the source, so a link leads to the same place here and on GitHub.
"""

import logging
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "src")]

from normocyte.core.version import __version__  # noqa: E402 - the source is found by the line above

project = "Normocyte"
version = release = __version__
copyright = "the Normocyte founders, Apache License 2.0"
language = "en"

extensions = ["myst_nb", "stick"]
root_doc = "docs/site/index"
include_patterns = ["*.md", "docs/**", "src/normocyte/shipped/card.md"]
exclude_patterns = [
    ".*",
    "build",
    "dist",
    "runs",
    "shared",
    "tests",
    "studies",
    "normocyte-demo",
    "**/__pycache__",
]

myst_heading_anchors = 6
highlight_language = "none"  # a block that names no language shows folders or what is printed
nb_execution_mode = "off"  # the outputs are kept in the notebooks: just notebooks
nb_ipywidgets_js = {}

# A section may name pages that are still to come. Sphinx cannot suppress this warning by its name.
logging.getLogger("sphinx.sphinx.directives.other").addFilter(
    lambda record: getattr(record, "subtype", "") != "empty_glob"
)

html_theme = "pydata_sphinx_theme"
html_title = f"Normocyte {release}"
html_extra_path = ["root"]
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sourcelink = False
html_show_search_summary = False  # it would read pages by HTTP, which a folder on a stick has not
html_theme_options = {
    "logo": {"text": "Normocyte"},
    "navbar_end": ["theme-switcher"],
    "secondary_sidebar_items": ["page-toc"],
    "show_prev_next": True,
    "footer_start": ["copyright"],
    "footer_end": [],
}
