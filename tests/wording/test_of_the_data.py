"""What parts say of cells is said in the words of the data."""

import pytest

from normocyte.core.errors import TrainingError
from normocyte.core.words import CELLS, NOTHING_SAID, Words
from normocyte.wording.of_the_data import in_words, told_in

SLICES = Words("image", "tumour")


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("1 % of healthy cells are flagged.", "1 % of healthy images are flagged."),
        ("A cell is flagged, an infected cell too.", "An image is flagged, a tumour image too."),
        ("Cells of one patient resemble each other.", "Images of one patient resemble each other."),
        ("not a red blood cell this model knows", "not an image this model knows"),
        ("take bound = 'cells', or add cells.", "take bound = 'cells', or add images."),
        (
            "after its steps (cell_mask) in /data/cells/a.png",
            "after its steps (cell_mask) in /data/cells/a.png",
        ),
    ],
)
def test_cells_and_infected_are_called_as_in_the_data(sentence, said):
    assert in_words(SLICES, sentence) == said


@pytest.mark.parametrize("words", [CELLS, NOTHING_SAID])
def test_of_cells_a_sentence_stays_as_it_is(words):
    sentence = "A healthy cell, an infected cell, cells of 3 patients; Infected ones."
    assert in_words(words, sentence) == sentence


def test_a_refusal_speaks_in_the_words_of_the_data_and_stays_of_its_kind():
    with pytest.raises(TrainingError, match="needs 99 healthy images"), told_in(SLICES):
        raise TrainingError("quantile needs 99 healthy cells.")
    with pytest.raises(ValueError, match="cells"), told_in(SLICES):
        raise ValueError("cells")
