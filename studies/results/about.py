"""What each configuration is, as its file says in the comment on top."""

from pathlib import Path

from studies.kit.common import Row

CONFIGS = Path(__file__).parents[2] / "configs"


def about(told: Row) -> dict[str, str]:
    """The comment on top of each configuration that was compared; nothing for one that is not ours."""
    stems = {name: name.partition("[")[0] for name in told["configurations"]}
    files = {name: CONFIGS / f"{stem}.toml" for name, stem in stems.items()}
    return {name: _comment(file) if file.is_file() else "" for name, file in files.items()}


def not_compared(told: Row) -> list[str]:
    """The configurations of the project that were left out of the comparison."""
    compared = {name.partition("[")[0] for name in told["configurations"]}
    return sorted({file.stem for file in CONFIGS.glob("*.toml")} - compared)


def _comment(file: Path) -> str:
    lines = []
    for line in file.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)
