"""The checks for images of any kind learn from healthy images what to refuse, and name the right cause."""

import io

import cv2
import numpy as np
import pytest

import normocyte as nc
from normocyte.cell_checks.gate import COMPRESSION, Gate
from normocyte.core.registry import part_class, part_name, part_names
from normocyte.results.verdict import CauseCode
from normocyte.wording.causes import sentence, short

SIDE = 96


def slices(number, seed, channels=1):
    """Drawn gray slices of a head: a bright oval on dark with soft blobs, and a little noise."""
    rng = np.random.default_rng(seed)
    down, right = np.mgrid[:SIDE, :SIDE]
    images = []
    for _ in range(number):
        middle, half = rng.normal(SIDE / 2, 2, 2), rng.normal((38, 30), 1.5)
        inside = ((down - middle[0]) / half[0]) ** 2 + ((right - middle[1]) / half[1]) ** 2 < 1
        blobs = cv2.GaussianBlur(rng.normal(0, 60, (SIDE, SIDE)), (0, 0), 4) * 4
        gray = np.where(inside, rng.normal(140, 8) + blobs, 12) + rng.normal(0, 3, (SIDE, SIDE))
        images.append(np.repeat(np.clip(gray, 0, 255).astype(np.uint8)[..., None], 3, axis=2))
    return images


def general():
    """A gate of every check for images of any kind."""
    checks = (part_class("cell_checks", name)() for name in part_names("cell_checks"))
    return Gate(tuple(check for check in checks if check.is_general))


@pytest.fixture(scope="module")
def gate():
    """A gate that has learnt from 120 slices of unknown patients; nobody changes it."""
    gate = general()
    gate.fit(slices(120, seed=1), patients=0)
    return gate


def enlarged(image):
    small = cv2.resize(image, (SIDE // 8, SIDE // 8), interpolation=cv2.INTER_AREA)
    return cv2.resize(small, (SIDE, SIDE))


def noisy(image):
    noise = np.random.default_rng(0).normal(0, 60, (SIDE, SIDE, 1))
    return np.clip(image + noise, 0, 255).astype(np.uint8)


DAMAGE = {
    "a black frame": (np.zeros_like, "too dark|nearly all of one shade"),
    "a white frame": (lambda image: np.full_like(image, 255), "nearly all of one shade"),
    "a strong blur": (lambda image: cv2.GaussianBlur(image, (0, 0), 5), "too blurred"),
    "strong noise": (noisy, "nois"),
    "a thumbnail enlarged 8 times": (enlarged, "too blurred"),
    "a negative": (lambda image: 255 - image, "light and dark are exchanged"),
    "a tint": (lambda image: (image * (1, 0.7, 0.5)).astype(np.uint8), "too colourful"),
    "a small crop": (lambda image: image[10:40, 10:40], "too few pixels|too smooth"),
    "a strip": (lambda image: image[30:60], "too wide for its height"),
    "a huge copy": (lambda image: cv2.resize(image, None, fx=6, fy=6), "far more pixels|too blurred"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_what_is_far_outside_is_refused_for_the_right_cause(gate, damage):
    change, words = DAMAGE[damage]
    for cause in gate.causes([change(image) for image in slices(5, seed=2)]):
        assert any(word in short(cause) for word in words.split("|")), short(cause)


def test_other_healthy_images_pass(gate):
    assert gate.causes(slices(200, seed=3)) == [None] * 200


def test_an_image_with_a_bright_lesion_passes(gate):
    images = slices(20, seed=4)
    for image in images:
        cv2.circle(image, (56, 40), 12, (235, 235, 235), cv2.FILLED)
    assert gate.causes(images) == [None] * 20


def test_the_cause_names_measure_value_and_limits_of_healthy_images(gate):
    (cause,) = gate.causes([slices(1, seed=5)[0][30:60]])
    low, high = gate.healthy_range("aspect")
    assert (cause.code, cause.measure, cause.limits) == (CauseCode.UNLIKE_IMAGES, "aspect", (low, high))
    assert sentence(cause) == (
        "unlike the healthy images of the training: too wide for its height (aspect 3.2, healthy images "
        f"{low:.3g} to {high:.3g})"
    )
    assert cause.is_refusal


def test_from_twenty_images_on_frames_are_refused_and_from_fewer_nothing_is():
    black, few, enough = [np.zeros((SIDE, SIDE, 3), np.uint8)], general(), general()
    few.fit(slices(19, seed=6), patients=0)
    enough.fit(slices(20, seed=6), patients=0)
    assert few.causes([*black, *slices(5, seed=7)]) == [None] * 6
    assert [bool(cause) for cause in enough.causes([*black, *slices(5, seed=7)])] == [True] + [False] * 5


def test_images_without_a_common_layout_are_not_refused_for_theirs():
    gate = Gate((part_class("cell_checks", "layout")(),))
    rng = np.random.default_rng(0)
    fields = [cv2.resize(rng.integers(0, 256, (6, 6, 3), np.uint8), (SIDE, SIDE)) for _ in range(120)]
    gate.fit(fields[:60], patients=0)
    assert gate.causes([*fields[60:], *(255 - field for field in fields[60:])]).count(None) >= 118


def test_a_gate_that_learns_again_leaves_what_another_has_learnt(gate):
    other = Gate(gate.checks)
    other.fit([255 - image for image in slices(40, seed=8)], patients=0)
    assert gate.causes(slices(5, seed=9)) == [None] * 5
    assert all(other.causes(slices(5, seed=9)))


def test_a_restored_gate_gives_the_same_answers(gate):
    file = io.BytesIO()
    np.savez(file, **gate.learnt())
    file.seek(0)
    restored = general()
    with np.load(file, allow_pickle=False) as learnt:
        restored.restore(dict(learnt))
    images = [*slices(5, seed=10), *(255 - image for image in slices(5, seed=10))]
    assert restored.causes(images) == gate.causes(images)


def test_ringing_is_not_looked_for_and_jpegs_pass(gate):
    jpegs = [cv2.imdecode(cv2.imencode(".jpg", image)[1], cv2.IMREAD_COLOR) for image in slices(20, seed=11)]
    assert set(gate.described(jpegs)[COMPRESSION]) == {0}
    assert gate.copies(jpegs) == {}
    assert gate.causes(jpegs) == [None] * 20


def test_every_measure_has_a_number_by_its_name(gate):
    images = slices(3, seed=12)
    named = gate.named(gate.measures(images))
    assert list(named) == [measure.name for measure in gate.known]
    assert named["layout"].tolist() == [1, 1, 1]


RECIPE = """
[[preprocessing]]
name = "grayscale"
[[preprocessing]]
name = "resize"
size = 16
[[preprocessing]]
name = "normalise"
[detector]
name = "pca"
components = 4
reading = "two_sided"
[score]
name = "dark_top_fraction"
[threshold]
name = "quantile"
false_positive_rate = 0.1
"""


def test_a_trained_bundle_keeps_the_limits_and_says_the_cause(tmp_path):
    healthy = tmp_path / "slices" / "healthy"
    healthy.mkdir(parents=True)
    for number, image in enumerate(slices(90, seed=13)):
        cv2.imwrite(str(healthy / f"{number}.png"), image)
    checks = "".join(f'[[cell_checks]]\nname = "{part_name(check)}"\n' for check in general().checks)
    (tmp_path / "own.toml").write_text(checks + RECIPE)
    own, data = tmp_path / "own.toml", tmp_path / "slices"
    with pytest.warns(UserWarning, match="unknown|Under-trained"):
        run = nc.train(own, data=data, out=tmp_path / "own", patients="unknown")
    (image,) = slices(1, seed=14)
    scored = nc.load(run.bundle.folder).score([image, 255 - image])
    assert scored["error"][0] == ""
    assert "healthy images of the training: light and dark are exchanged" in scored["error"][1]
