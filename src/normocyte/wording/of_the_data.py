"""What parts say, in the words of the data: parts speak of cells, whatever the images show."""

import re
from collections.abc import Iterator
from contextlib import contextmanager

from normocyte.core.errors import ConfigError, DatasetError, TrainingError
from normocyte.core.words import Words
from normocyte.wording.articles import a

_SPOKEN = re.compile(
    r"(?<![\w'\"`/\\.=-])(?P<article>an? )?(?:red blood )?"
    r"(?:(?P<cell>cell)(?P<many>s?)|(?P<anomaly>infected))"
    r"(?![\w'\"`/\\=-]|\.\w)",
    re.IGNORECASE,
)


def in_words(words: Words, sentence: str) -> str:
    """The sentence with cell, cells and infected as these data call them; names, values and paths stay."""

    def spoken(found: re.Match[str]) -> str:
        before, after = (
            (found["cell"], words.thing + found["many"])
            if found["cell"]
            else (found["anomaly"], words.anomaly)
        )
        after = after.capitalize() if before[0].isupper() else after
        article = found["article"]
        return f"{a(after) if article[0].islower() else a(after).capitalize()} {after}" if article else after

    return _SPOKEN.sub(spoken, sentence) if words.thing and words.anomaly else sentence


@contextmanager
def told_in(words: Words) -> Iterator[None]:
    """A block whose refusals speak in the words of the data."""
    try:
        yield
    except (ConfigError, DatasetError, TrainingError) as error:
        error.args = (in_words(words, str(error)),)
        raise
