"""Each term is defined once, in words for the images at hand."""

import pytest

from normocyte.wording.glossary import TERMS, terms


def test_every_term_has_a_meaning_of_whole_sentences():
    assert [term.name for term in terms() if not term.meaning.endswith(".") or "{" in term.meaning] == []
    assert len(set(TERMS)) == len(terms())


def test_a_term_is_explained_for_the_images_at_hand():
    (found,) = terms(["AUROC"], thing="slice", anomaly="fractured")
    assert found.meaning.startswith("How often a fractured slice taken at random scores above a healthy one.")


def test_an_unknown_term_is_a_fault_of_the_page_that_names_it():
    with pytest.raises(KeyError):
        terms(["cut"])
