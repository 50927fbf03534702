"""How many cells a parasitaemia takes, as a verb."""

from normocyte.workflows.smear.request import PlanRequest, cells_needed


def test_a_lower_parasitaemia_takes_more_cells_or_no_number_of_them():
    found = [cells_needed(PlanRequest(share)) for share in (0.1, 0.05, 1e-4)]
    assert 0 < found[0].cells < found[1].cells
    assert found[0].sentence.startswith("About ")
    assert (found[2].cells, found[2].sentence[:28]) == (0, "No number of cells suffices ")


def test_missed_cells_take_more_cells():
    assert cells_needed(PlanRequest(0.1, sensitivity=0.5)).cells > cells_needed(PlanRequest(0.1)).cells
