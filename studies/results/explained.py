"""How much of the variance of healthy cells each network explains, from the bundles of the runs."""

from normocyte.core.percent import percent
from normocyte.pipeline.bundle.bundle import load_bundle
from normocyte.pipeline.learnt import training_curve
from normocyte.workflows.comparison.run import BUNDLE
from studies.kit.common import Row, markdown
from studies.results.compared import Places


def explained_rows(places: Places) -> list[Row]:
    """For each configuration that gives back what it sees: the shares by seed, and how training ended."""
    found = []
    for name, folders in places.items():
        bundles = [load_bundle(folder / BUNDLE) for folder in folders]
        members = [member for bundle in bundles for member in bundle.pipeline.members]
        curves = [training_curve(member.detector) for member in members]
        known = [curve for curve in curves if curve.has_share]
        if known:
            shares = [curve.variance_explained for curve in known]
            ended = sum(curve.is_under_trained for curve in known)
            found.append({"name": name, "by_seed": shares, "under_trained": ended})
    return found


def explained_table(rows: list[Row]) -> str:
    """A line a configuration."""
    return markdown(
        ("configuration", "variance explained, by seed", "under-trained"),
        [
            (row["name"], ", ".join(percent(share, 3) for share in row["by_seed"]), _ended(row))
            for row in rows
        ],
    )


def _ended(row: Row) -> str:
    count = len(row["by_seed"])
    return f"{row['under_trained']} of {count}" if row["under_trained"] else "none"
