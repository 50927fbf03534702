"""The page on Ray says what its tables do: how fast, from where it pays, and what a kill costs."""

import pytest

from studies.kit.measured import Found
from studies.kit.tables import Table
from studies.scale.ray_findings import PAGE, SPEED, TROUBLE, pays


def page(read="216", files="equal"):
    """The page of runs in which Ray is half as fast and starts 6 s later, as one line."""
    speed = [
        ("local", "1", "10,000", "21.0", "476", "1.0", "0.1"),
        ("local", "2", "10,000", "11.0", "909", "1.0", "0.1"),
        ("ray", "1", "10,000", "47.0", "213", "7.0", ""),
        ("ray", "2", "10,000", "27.0", "370", "7.0", ""),
    ]
    tables = {
        "speed": Table.of(SPEED, speed),
        "trouble": Table.of(TROUBLE, [("a worker", "2", read, "216", files)]),
    }
    return " ".join(PAGE.text_of(Found("2026-11-30", tables, {"machine": "a machine", "cores": 2})).split())


def test_ray_is_compared_without_the_start():
    text = page()
    assert "one worker of Ray is 0.50 times as fast" in text
    assert "The start of Ray costs 6.0 s more." in text
    assert "byte for byte" in text
    assert "never more than one unit" in text


def test_rows_that_differ_and_images_read_too_often_are_said():
    text = page(read="217", files="NOT equal")
    assert "NOT always equal" in text
    assert "MORE than one unit" in text


@pytest.mark.parametrize(("nodes", "expected"), [(1, "never"), (2, "never"), (4, "12,000")])
def test_ray_pays_from_as_many_images_as_make_up_for_its_start(nodes, expected):
    assert pays(nodes, local=1000.0, ray=500.0, start_s=6.0) == expected
