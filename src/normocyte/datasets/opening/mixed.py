"""Whether file names betray that images that are taken as healthy are of several kinds."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from normocyte.datasets.folder import HEALTHY_FOLDERS
from normocyte.datasets.support.checks import MANIFEST_ADVICE

ANOMALOUS_FOLDERS = frozenset(
    {"parasitized", "parasitised", "infected", "anomaly", "anomalies", "anomalous", "abnormal"}
)
"""What people call a folder of images that are not healthy, in small letters."""
MOST_KINDS = 6
FEWEST_IMAGES = 3
LEAST_SHARE = 0.05
"""A word on fewer images is no kind, unless another word says healthy or anomalous."""
COVERED = 0.9
"""So large a share of the names must have one of the words; other sets are called by chance or by patient."""
_HEALTHY_SHARE = 0.2
_HEALTHY = HEALTHY_FOLDERS | {"control", "controls"}
_KNOWN = _HEALTHY | ANOMALOUS_FOLDERS
_NOT = frozenset(
    {"non", "not", "no", "un", "never", "without", "free", "negative", "sans", "ohne", "sin", "senza"}
)
_SHORT = frozenset({"no", "ok", "ng"})
"""Words of two letters that name a kind; others may be anything."""
_FEWEST_LETTERS = 3
_FIRST_OF_CHINESE = "\u2e80"
"""From here on are the scripts of China, Korea and Japan, in which two letters may be a word."""
_WORDS = re.compile(r"(?<![^\W_])[^\W\d_]+")
"""Letters that stand at the beginning or after a mark, so that none is found in C33P1thinF or in a digest."""
_OF_CAMERAS = """
img imag image images dsc dscn dscf cimg pxl mvimg vid gopr dji photo photos foto picture pic bild pano
imagen captura immagine schermata aufnahme burst snap snapshot screenshot screen shot capture whatsapp
camera cam file copy new final original orig edited export exported output untitled from nii
"""
"""What a camera or a program calls its files."""
_OF_SUBJECTS = """
patient patients pat subject subj sub person participant volunteer donor animal mouse rat sample
specimen probe scan slide slice frame crop tile patch field fov view roi region area box cell cells rbc
smear blood film thin thinf thick thickf well plate site session visit exam study series stack volume
vol layer plane set part batch day week month time run test train training val valid validation fold rep
item obj object number num index
"""
"""What an image is of, whatever it shows."""
_OF_SIDES = """
left right links rechts gauche droite top bottom upper lower front frontal back rear lat lateral
anterior posterior dorsal ventral axial coronal sagittal cor sag tra transversal oblique male female man
woman rechtes linkes derecha izquierda destra sinistra small large odd even macula disc disk
"""
"""Sides, directions and persons."""
_OF_LIGHT = """
flair adc dwi mri pet xray cxr rgb gray grey red green blue dapi fitc hoechst giemsa raw low high
brightfield phase bias seg mask
"""
"""How it was taken."""
_OF_DATES = """
jan feb mar apr may jun jul aug sep oct nov dec before after morning evening night january february
march april june july august september october november december mon tue wed thu fri sat sun monday
tuesday wednesday thursday friday saturday sunday janvier février fevrier mars avril mai juin juillet
août aout septembre octobre novembre décembre januar februar märz april juni juli oktober dezember enero
febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
"""
"""Months, days and times of the day."""
_NEUTRAL = frozenset((_OF_CAMERAS + _OF_SUBJECTS + _OF_SIDES + _OF_LIGHT + _OF_DATES).split())
"""Words that name no kind."""


def mixed_names(names: Sequence[str], patients: Collection[str] = ()) -> str:
    """A sentence where the names of images that are taken as healthy hold a few different words; else empty.

    Of each name one word counts: one that says healthy or anomalous, else the first that is not in all names
    and may name a kind, as "image", "left" and "patient" may not. Two to six words that share most of the
    images may be kinds; beside names that say healthy or anomalous, a single image of another word is told.

    Args:
        names: file names, without folders.
        patients: names of patients that are known; words that are these are no kinds.

    Example:
        >>> mixed_names(["healthy-1.jpg", "glioma-1.jpg", "glioma-2.jpg"]).split(". ")[0]
        "File names say different things: 'healthy' (1), 'glioma' (2)"
    """
    counts = Counter(filter(None, _words_of(names)))
    kinds = _kinds(counts, len(names))
    if not kinds or set(kinds) <= {patient.casefold() for patient in patients}:
        return ""
    listed = ", ".join(f"'{word}' ({counts[word]:,})" for word in kinds[:MOST_KINDS])
    more = f" and {len(kinds) - MOST_KINDS:,} more" if len(kinds) > MOST_KINDS else ""
    what = "different things" if len(kinds) > 1 else "that images are not healthy"
    return (
        f"File names say {what}: {listed}{more}. All {len(names):,} images are taken as healthy. If some are "
        f"not, sort them into a folder 'healthy' and folders of the other kinds, or {MANIFEST_ADVICE}."
    )


def _words_of(names: Sequence[str]) -> list[str]:
    """The word that counts of each name, in small letters; empty where there is none."""
    stems = [unicodedata.normalize("NFC", PurePosixPath(name).stem.casefold()) for name in names]
    words = [[] if _has_marks(stem) else _WORDS.findall(stem) for stem in stems]
    everywhere = frozenset(words[0] if words else ()).intersection(*words)
    return [_word_of(own, everywhere) for own in words]


def _has_marks(stem: str) -> bool:
    """Whether a letter is written with a mark of its own, as in Thai and Hindi: its words are not known."""
    return not stem.isascii() and any(unicodedata.category(letter).startswith("M") for letter in stem)


def _word_of(words: Sequence[str], everywhere: frozenset[str]) -> str:
    known = (word for word in words if word in _KNOWN and _NOT.isdisjoint(words))
    others = (word for word in words if word not in _KNOWN | everywhere and _may_be_kind(word))
    return next(known, "") or next(others, "")


def _may_be_kind(word: str) -> bool:
    letters = len(word) + (word[:1] >= _FIRST_OF_CHINESE)
    return word in _SHORT or (letters >= _FEWEST_LETTERS and word not in _NEUTRAL)


def _kinds(counts: Counter[str], images: int) -> list[str]:
    """The words that may be kinds, those that say healthy first, then the most frequent; else none."""
    healthy = sum(counts[word] for word in _HEALTHY)
    is_said = healthy >= _HEALTHY_SHARE * images or not ANOMALOUS_FOLDERS.isdisjoint(counts)
    least = 1 if is_said else max(FEWEST_IMAGES, LEAST_SHARE * images)
    kinds = [word for word, count in counts.items() if count >= least]
    covered = sum(counts[word] for word in kinds)
    are_few = 1 < len(kinds) <= MOST_KINDS and covered >= COVERED * images
    if _HEALTHY.issuperset(kinds) or not (is_said or are_few):
        return []
    return sorted(
        kinds, key=lambda word: (word not in _KNOWN, word in ANOMALOUS_FOLDERS, -counts[word], word)
    )
