"""Sentences that a newcomer reads first are short: README, tutorial and how-to guides."""

import re
from pathlib import Path
from statistics import fmean, quantiles

import pytest

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*sorted((DOCS / "how-to").glob("*.md")), *DOCS.glob("tutorial*.md"), ROOT / "README.md"]
MEAN = 14
NINETIETH = 24
_NO_PROSE = re.compile(r"^```.*?^```|^\|.*?$|^#.*?$|^<.*?$|!\[[^\]]*\]\([^)]*\)", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_BLOCK = re.compile(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.) )")
_END = re.compile(r"(?<=[.!?:])[\"')*]*\s+(?=[\"'(*`]*[A-Z0-9`])")


def sentence_lengths(text: str) -> list[int]:
    """The words of each sentence of a page, code, tables, headings and pictures left out."""
    prose = _LINK.sub(r"\1", _NO_PROSE.sub("\n\n", text))
    sentences = (one for block in _BLOCK.split(prose) for one in _END.split(block))
    counts = (len(re.findall(r"`[^`]+`|[\w'.,%/-]*\w[\w'%/-]*", one)) for one in sentences)
    return [count for count in counts if count]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_sentences_of_a_first_page_are_short(page: Path):
    lengths = sentence_lengths(page.read_text(encoding="utf-8"))
    assert fmean(lengths) <= MEAN
    assert quantiles(lengths, n=10)[-1] <= NINETIETH


def test_words_of_sentences_are_counted_without_code_and_tables():
    prose = "# A title\n\nOne two three. `normocyte score` four [five six](page.md).\n\n"
    page = prose + "| a | b |\n\n```sh\nx y\n```\n- Seven."
    assert sentence_lengths(page) == [3, 4, 1]
