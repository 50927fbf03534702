"""Where configurations lie, the built-in ones by their name and others by their path; reads one."""

from pathlib import Path

from normocyte.core.config import Document, read_document
from normocyte.core.errors import ConfigError
from normocyte.core.own.loading import load_own_parts
from normocyte.core.progress import tell_user

ENDING = ".toml"
PLUGINS = "plugins"
"""The key that names folders of own parts."""


def configurations() -> Path:
    """The folder of the configurations that come with Normocyte."""
    package = Path(__file__).parents[2] / "configs"
    return package if package.is_dir() else Path(__file__).parents[4] / "configs"


def configuration_names() -> list[str]:
    """The names of the built-in configurations, sorted."""
    return sorted(file.stem for file in configurations().glob(f"*{ENDING}"))


def configuration_path(name: str) -> Path:
    """The TOML file of that path, or the built-in one of that name, such as "classic"."""
    path = Path(name)
    if path.suffix == ENDING or path.is_file():
        return path
    known = configuration_names()
    if name not in known:
        raise ConfigError(
            f"There is no configuration called '{name}'. Give the path of a TOML file or one of: "
            f"{', '.join(known)}."
        )
    return configurations() / f"{name}{ENDING}"


def read_configuration(path: Path) -> Document:
    """The TOML file of a user; the own parts of the folders that it names by `plugins` are loaded.

    That runs their code, and the user is told. Whoever names the file asks for it; a bundle, which holds a
    recipe as well, is never read this way.
    """
    document = read_document(path)
    document.may_load = True
    for folder in _plugins(document):
        try:
            loaded = load_own_parts(path.parent / folder)
        except ConfigError as error:
            document.fault((PLUGINS,), str(error))
        else:
            for sentence in loaded.sentences:
                tell_user(sentence)
    return document


def _plugins(document: Document) -> list[str]:
    value = document.content.get(PLUGINS, [])
    folders = [value] if isinstance(value, str) else value
    if not isinstance(folders, list) or not all(isinstance(one, str) and one for one in folders):
        document.fault((PLUGINS,), f"plugins must be a folder or a list of folders, not {value!r}.")
        return []
    return folders
