"""Where configurations lie: those that come along by their name, and others by their path."""

from pathlib import Path

from normocyte.core.errors import ConfigError

ENDING = ".toml"


def configurations() -> Path:
    """The folder of the configurations that come with Normocyte."""
    package = Path(__file__).parents[2] / "configs"
    return package if package.is_dir() else Path(__file__).parents[4] / "configs"


def configuration_path(name: str) -> Path:
    """The TOML file of that path, or the one that comes along by that name, such as "classic"."""
    path = Path(name)
    if path.suffix == ENDING or path.is_file():
        return path
    known = sorted(file.stem for file in configurations().glob(f"*{ENDING}"))
    if name not in known:
        raise ConfigError(
            f"There is no configuration called '{name}'. Give the path of a TOML file or one of: "
            f"{', '.join(known)}."
        )
    return configurations() / f"{name}{ENDING}"
