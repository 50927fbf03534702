"""How a text says whose images are: one of four words, or a regular expression that finds the patient.

    file      each file is a patient
    folder    each folder is a patient
    one       all are of one patient
    unknown   not known
    REGEX     a regular expression with one group, searched in the name or path

or that they stand elsewhere, in DICOM headers or in a table, see `elsewhere`.

Not every verb takes every word. Where nothing is said, names that begin with C and a number, as those of the
NIH set do, tell the patient.
"""

import re
import warnings
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from normocyte.core.errors import ConfigError, DatasetError
from normocyte.core.inputs.dicom import is_frame
from normocyte.core.inputs.stacks.stacks import is_volume
from normocyte.core.types import UNKNOWN_PATIENT, Source
from normocyte.datasets.support.checks import MANIFEST_ADVICE, first
from normocyte.datasets.support.elsewhere import is_elsewhere, named_elsewhere, said_elsewhere

Placed = tuple[Source, PurePosixPath]
"""An image, and where it stands below the folder that was given."""

FILE, FOLDER, ONE, UNKNOWN = WORDS = ("file", "folder", "one", "unknown")
EXAMPLE = "^([^_]+)_"
ADVICE = (
    f"name the patients with `patients` '{EXAMPLE}' (a regular expression with one group, searched in file "
    f"names), or with one of these words in its place: {', '.join(WORDS)}"
)
RENAME = f"Rename them, or {MANIFEST_ADVICE}, or {ADVICE}."
PATTERN = "regular expression with one group for file names; file, folder, one, unknown, dicom or TABLE.csv"
"""What a field that names the patients takes."""
BEGINNING = r"^(C\d+)"
"""C and a number at the beginning of a file name of the NIH set."""
BEGINNING_OF_MORE = re.compile(rf"{BEGINNING}(?=[^\d.])")
"""The same where more follows: of a file called C12.png the number may be that of the cell."""


def patient_rule(text: str, words: Sequence[str] = WORDS, field: str = "patients") -> str | re.Pattern[str]:
    """One of these words, or a regular expression with one group.

    Args:
        text: what somebody wrote.
        words: those that are possible here.
        field: what the error calls it.

    Raises:
        ConfigError: for anything else.
    """
    if text in words or (words == WORDS and is_elsewhere(text)):
        return text
    advice = f"'{EXAMPLE}', or say {' or '.join(words)}."
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # of sets in sets, such as [[a]
            expression = re.compile(text)
    except re.error as error:
        raise ConfigError(
            f"`{field}` '{text}' is no regular expression: {error}; correct it, as in {advice}"
        ) from error
    if expression.groups != 1:
        raise ConfigError(
            f"`{field}` '{text}' has {expression.groups} groups; give it exactly one, as in {advice}"
        )
    return expression


def patients_in(texts: Sequence[str], expression: re.Pattern[str], what: str, advice: str) -> list[str]:
    """The patient in each name or path; DatasetError with the first that name none.

    Args:
        texts: names or paths.
        expression: has one group, see `patient_rule`.
        what: what the texts are, in the plural.
        advice: what to do where one names nobody.
    """
    found = [expression.search(text) for text in texts]
    strange = [text for text, match in zip(texts, found, strict=True) if match is None or not match[1]]
    if strange:
        raise DatasetError(
            f"{len(strange):,} of {len(texts):,} {what} name no patient "
            f"(looked for '{expression.pattern}'): {first(strange)}. {advice}"
        )
    return [match[1] for match in found if match is not None]


def named(placed: Sequence[Placed], given: str, root: Path, *, are_in_classes: bool = False) -> list[str]:
    """The patient of each image by a word or a regular expression; nobody where that says unknown.

    Args:
        placed: the images, and where their files stand below the root, without folders that name no patient.
        given: see `patient_rule`.
        root: the folder, zip or manifest that was given.
        are_in_classes: the first folder of each place is that of its class, which names no patient.

    Raises:
        ConfigError: for another word.
        DatasetError: where a place names no patient.
    """
    rule = patient_rule(given)
    sources, places = [source for source, _ in placed], [file_place(*one) for one in placed]
    if isinstance(rule, str) and is_elsewhere(rule):
        return named_elsewhere(sources, places, rule, root)
    if isinstance(rule, re.Pattern):
        return patients_in([place.name for place in places], rule, f"file names in {root}", RENAME)
    if rule == FOLDER:
        return [
            _folder_of(place.relative_to(place.parts[0]) if are_in_classes else place, root)
            for place in places
        ]
    if rule == FILE:
        return [str(place.with_suffix("")) for place in places]
    return [root.resolve().name if rule == ONE else UNKNOWN_PATIENT] * len(places)


def file_place(source: Source, place: PurePosixPath) -> PurePosixPath:
    """Where the file of an image stands: of a slice or a frame that of the volume or series."""
    if not (is_volume(source.path.name) or is_frame(source)):
        return place
    return place.parent if len(place.parts) > 1 else PurePosixPath(source.path.name)


def said_of(given: str) -> str:
    """In words how patients were found by what was given, such as "each image is one"."""
    if is_elsewhere(given):
        return said_elsewhere(given)
    return _SAID.get(given, f"found in file names by '{given}'")


_SAID = {
    FILE: "each image is one",
    FOLDER: "each subfolder is one",
    ONE: "all cells are of one",
    UNKNOWN: UNKNOWN,
}


def _folder_of(place: PurePosixPath, root: Path) -> str:
    if len(place.parts) == 1:
        raise DatasetError(
            f"'{place}' of {root} is in no subfolder of several, so that none names its patient; move it "
            f"into one, or {ADVICE}."
        )
    return place.parts[0]


def number_in(name: str) -> str:
    """C and a number with which a file name begins, where more follows; empty where it does not."""
    found = BEGINNING_OF_MORE.match(name)
    return found[1] if found else ""
