"""The figure and the numbers of a stream."""

import dataclasses
import json
from xml.etree import ElementTree

import numpy as np
import pytest

from normocyte.core.errors import OutputError
from normocyte.reports.monitoring.words import guarantee
from normocyte.reports.monitoring.write import write_monitored
from normocyte.results.monitoring import Account, Column, Compared, Finding, Monitored


def contents(wealth, columns=("score",), patients=5):
    """What was found in a stream whose first account has this wealth."""
    flat = np.full(patients, 0.5)
    return Monitored(
        patients=tuple(f"ann <{place}> & bob $x$" for place in range(patients)),
        accounts=tuple(
            Account(name, trait, np.resize(wealth, patients) if trait == "level" else flat)
            for name in columns
            for trait in ("level", "spread")
        ),
        columns=tuple(Column(name, np.linspace(1, 2, 12), np.linspace(1, 3, patients)) for name in columns),
        compared=tuple(Compared("energy_distance", name, 0.2, 0.04, 0.08) for name in columns),
        rates=(0.2, 0.05),
        cells=20,
        seed=0,
        rows=100,
        scored=90,
        how="by the folder of the image",
        left_out=("carl",),
        notes=("A note.",),
    )


@pytest.mark.parametrize(
    ("wealth", "finding"), [(4.9, Finding.NONE), (5.0, Finding.WATCH), (20.0, Finding.RECALIBRATE)]
)
def test_the_bars_decide(wealth, finding):
    assert contents([0.1, wealth, 0.1]).finding is finding


def test_a_bar_that_was_reached_stays_reached():
    found = contents([1.0, 30.0, 0.1])
    assert (found.finding, found.first[1]) == (Finding.RECALIBRATE, 1)


@pytest.mark.parametrize("wealth", [[0.0], [0.5], [1e300]])
@pytest.mark.parametrize("columns", [("score",), ("score", "quality_focus", "quality_stain")])
def test_any_evidence_can_be_drawn(wealth, columns, tmp_path):
    png = write_monitored(contents(wealth, columns), tmp_path)
    tree = ElementTree.parse(tmp_path / "monitor.svg")
    text = " ".join("".join(node.itertext()) for node in tree.iter() if node.tag.endswith("text"))
    assert png.stat().st_size > 10_000
    assert "recalibrate: at most 5 % false" in text.replace("\N{NO-BREAK SPACE}", " ")
    assert all(f"median {name}" in text for name in columns)


@pytest.mark.parametrize(("asked", "said"), [(0.05, "5 %"), (0.0005, "0.05 %"), (0.125, "12.5 %")])
def test_a_rate_is_told_with_its_own_digits(asked, said):
    told = guarantee(dataclasses.replace(contents([0.1]), rates=(asked, asked)))
    assert f"at most {said} of such streams" in told.replace("\N{NO-BREAK SPACE}", " ")


def test_one_patient_can_be_drawn(tmp_path):
    assert write_monitored(contents([1.0], patients=1), tmp_path).is_file()


def test_the_numbers_are_all_there_and_are_json(tmp_path):
    write_monitored(contents([0.5, 25.0]), tmp_path)
    content = json.loads((tmp_path / "monitor.json").read_text(encoding="utf-8"))
    assert content["finding"] == "recalibrate"
    assert content["first_patient"] == "ann <1> & bob $x$"
    assert content["evidence"][0]["after_patient"] == [0.5, 25.0, 0.5, 25.0, 0.5]
    assert content["bars"] == {"watch": 5.0, "recalibrate": 20.0}
    assert content["tests"][0]["corrected"] == 0.08
    assert content["sentences"][2] == "A note."


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="Choose another place"):
        write_monitored(contents([1.0]), tmp_path / "file")
