"""Checks of what is no field of a part, with one wording for all of them."""

from normocyte.core.errors import ConfigError


def need_share_inside(field: str, value: float, example: float) -> None:
    """ConfigError unless the field is a share between 0 and 1, both left out."""
    if not 0 < value < 1:
        raise ConfigError(
            f"{field} = {value!r} is not possible; choose a share between 0 and 1, such as {example}."
        )
