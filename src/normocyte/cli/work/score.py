"""What `normocyte score` does."""

from pathlib import Path

from normocyte.cli.door import FAILED
from normocyte.pipeline.bundle.folder import DEFAULT


def run(
    paths: list[Path],
    bundle: Path = DEFAULT,
    output: Path | None = None,
    maps: Path | None = None,
    false_positive_rate: float | None = None,
    false_discovery_rate: float | None = None,
    listed_by: str = "benjamini_hochberg",
    own_null: bool = False,
    quality: bool = False,
    workers: int = 0,
) -> int:
    """Write a row an image, and tell the counts; gives the exit status."""
    from normocyte.cli.show.bar import bar_beside, tell
    from normocyte.engine.begin import as_a_program
    from normocyte.workflows.scoring.score import ScoreRequest, score

    request = ScoreRequest(
        paths=paths,
        bundle=bundle,
        output=output,
        maps=maps,
        false_positive_rate=false_positive_rate,
        false_discovery_rate=false_discovery_rate,
        listed_by=listed_by,
        own_null=own_null,
        quality=quality,
        workers=workers,
    )
    with as_a_program(), bar_beside(is_screen_free=output is not None) as bar:
        found = score(request, bar)
    tell(found.tally.copied, found.tally.sentence, *found.stated)
    return FAILED if found.tally.failed else 0
