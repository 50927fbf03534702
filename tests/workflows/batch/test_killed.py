"""A batch that is killed, again and again, loses and repeats nothing but the units at hand."""

import random

from studies.scale.killing import finished, hold, killed, let_go, most_read, rows_of

UNIT, KILLS = 2, 3
AT_MOST = 8
"""So many images a killed run reads before it waits: two units are written then, and two may be at work."""


def test_after_three_kills_the_rows_are_those_of_an_undisturbed_run(folder, tmp_path):
    to, log, rng = tmp_path / "killed", tmp_path / "log", random.Random(26)
    counts = []
    for _ in range(KILLS):
        hold(log, AT_MOST)
        assert killed(folder, to, log, UNIT, rng)
        counts.append(len(rows_of(to)))
    assert 0 < counts[0] < 30
    assert counts == sorted(counts)
    let_go(log)
    rows = finished(folder, to, log, UNIT)
    assert rows == finished(folder, tmp_path / "undisturbed", tmp_path / "log-undisturbed", UNIT)
    assert 30 <= log.stat().st_size <= most_read(30, KILLS, UNIT)
