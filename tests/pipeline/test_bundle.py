"""A bundle comes back bit for bit, or says what is wrong with it; an old one is never lost."""

import errno
import hashlib
import json
import os
import shutil
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from normocyte import __version__
from normocyte.cell_checks.exposure import Exposure
from normocyte.cell_checks.sharpness import Sharpness
from normocyte.core.errors import BundleError, OutputError
from normocyte.core.types import Part
from normocyte.datasets.drawing.look import Kind
from normocyte.detectors.contract import Curve
from normocyte.pipeline.bundle.bundle import load_bundle, open_bundle, save_bundle
from normocyte.pipeline.bundle.layout import FILES, check_place
from normocyte.pipeline.pipeline import stack
from normocyte.thresholds.quantile import Quantile
from normocyte.thresholds.youden import Youden

HASHED = [name for name in FILES if name != "bundle.json"]


def content_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def spoil(path: Path, place: float) -> None:
    content = bytearray(path.read_bytes())
    content[int(place * len(content))] ^= 1
    path.write_bytes(content)


def facts_of(folder: Path) -> dict:
    return json.loads((folder / "bundle.json").read_text(encoding="utf-8"))


def say(folder: Path, seal: bool = True, **changes: object) -> None:
    """Change what a bundle says of itself, sealed anew as a forger would."""
    content = facts_of(folder) | changes
    said = {key: value for key, value in content.items() if key != "sha256"}
    if seal:
        content["sha256"] = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    (folder / "bundle.json").write_text(json.dumps(content), encoding="utf-8")


def _with(whole, **parts: object):
    """A pipeline or recipe of one member with other parts."""
    return replace(whole, members=(replace(whole.members[0], **parts),))


def full_disk(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.fixture
def saved(trained, tmp_path):
    save_bundle(trained, tmp_path / "bundle")
    return tmp_path / "bundle"


@pytest.fixture
def other(trained):
    """Another bundle, to take the place of the first."""
    threshold = Quantile(0.3)
    threshold.cut = 0.5
    pipeline = replace(trained.pipeline, threshold=threshold)
    return replace(trained, pipeline=pipeline, recipe=replace(trained.recipe, threshold=threshold, seed=6))


@pytest.fixture(scope="module")
def sound(trained, tmp_path_factory):
    """A bundle whose copies the examples spoil."""
    folder = tmp_path_factory.mktemp("sound") / "bundle"
    save_bundle(trained, folder)
    return folder


def test_a_bundle_is_these_four_files(saved):
    assert content_of(saved).keys() == set(FILES)
    assert list(saved.parent.iterdir()) == [saved]


def test_scores_and_verdicts_come_back_bit_for_bit(trained, saved, drawn):
    images, loaded = drawn(5, 41) + drawn(5, 42, Kind.RING), load_bundle(saved).pipeline
    batch = stack([loaded.prepare(image) for image in images])
    np.testing.assert_array_equal(loaded.scores(batch), trained.pipeline.scores(batch))
    assert loaded.verdicts(images) == trained.pipeline.verdicts(images)


def test_recipe_and_facts_come_back(trained, saved):
    loaded = load_bundle(saved)
    assert loaded.facts == trained.facts
    assert loaded.recipe == trained.recipe
    assert loaded.facts.patients(Part.TRAIN, Part.TEST) == {"A0", "B0", "A4", "B4"}


def test_a_bundle_knows_where_it_lies_and_the_digest_of_what_it_says(trained, tmp_path):
    saved = save_bundle(trained, tmp_path / "bundle")
    opened = open_bundle(str(tmp_path / "bundle"))
    said = hashlib.sha256((tmp_path / "bundle" / "bundle.json").read_bytes()).hexdigest()
    for bundle in (saved, opened):
        assert (bundle.name, bundle.folder, bundle.digest) == (str(opened.folder), tmp_path / "bundle", said)


def test_another_threshold_is_another_digest(trained, other, tmp_path):
    digests = {save_bundle(one, tmp_path / "bundle").digest for one in (trained, trained, other)}
    assert len(digests) == 2


def test_what_the_score_learnt_comes_back(trained, saved):
    learnt, loaded = (one.pipeline.shown.score.learnt() for one in (trained, load_bundle(saved)))
    assert loaded.keys() == learnt.keys() == {"regions", "grid", "spread"}
    assert {key: array.tobytes() for key, array in loaded.items()} == {
        key: array.tobytes() for key, array in learnt.items()
    }


def test_calibration_and_curve_come_back(trained, tmp_path):
    detector = replace(trained.pipeline.shown.detector)
    detector.graph_, detector.curve_ = (
        trained.pipeline.shown.detector.graph_,
        Curve((0.5, 0.25), (0.6, 0.7), 1),
    )
    save_bundle(replace(trained, pipeline=_with(trained.pipeline, detector=detector)), tmp_path / "bundle")
    loaded = load_bundle(tmp_path / "bundle").pipeline
    assert loaded.shown.detector == detector
    assert loaded.calibration.scores.tobytes() == trained.pipeline.calibration.scores.tobytes()
    assert loaded.calibration.patients.tolist() == trained.pipeline.calibration.patients.tolist()


def test_a_loaded_bundle_saves_as_the_same_bytes(saved, tmp_path):
    save_bundle(load_bundle(saved), tmp_path / "again")
    assert content_of(tmp_path / "again") == content_of(saved)


def test_no_file_holds_the_time(saved):
    with zipfile.ZipFile(saved / "calibration.npz") as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert facts_of(saved).keys() == set(
        "schema normocyte threshold labels_used recipe facts curves files sha256".split()  # noqa: SIM905 - readable
    )


def test_the_card_says_what_was_learnt_from_whom_and_how_it_was_cut(trained, saved):
    card = (saved / "card.md").read_text(encoding="utf-8")
    assert card.startswith("# pca, read by regional_tail\n")
    assert "synthetic: 10 healthy cells of 2 patients" in card
    assert (
        f"**Threshold.** {trained.pipeline.threshold.cut:.6g}, by the rule `quantile` on 12 healthy" in card
    )
    assert "labels used: no" in card
    assert "cell_mask, fill_background, resize, chromatin_contrast, cell_regions" in card


def test_the_card_says_when_labels_were_used_and_when_there_are_no_steps(trained, tmp_path):
    threshold = Youden()
    threshold.cut = 0.5
    pipeline = replace(_with(trained.pipeline, steps=()), threshold=threshold)
    recipe = replace(_with(trained.recipe, steps=()), threshold=threshold)
    save_bundle(replace(trained, pipeline=pipeline, recipe=recipe), tmp_path / "bundle")
    card = (tmp_path / "bundle" / "card.md").read_text(encoding="utf-8")
    assert "on 13 labelled tuning cells of 2 further\npatients; labels used: yes" in card
    assert "**Steps.** none." in card


@pytest.mark.parametrize("name", HASHED)
def test_a_missing_file_is_named(saved, name):
    (saved / name).unlink()
    with pytest.raises(BundleError, match=f"incomplete: {name} missing. Copy it again, whole"):
        load_bundle(saved)


@pytest.mark.parametrize("name", FILES)
@given(place=st.floats(0, 1, exclude_max=True))
def test_one_changed_bit_anywhere_is_found(sound, tmp_path_factory, name, place):
    copy = Path(shutil.copytree(sound, tmp_path_factory.mktemp("copy") / "bundle"))
    spoil(copy / name, place)
    assume(not says_the_same(copy / name, sound / name))
    with pytest.raises(BundleError, match=name):
        load_bundle(copy)


def says_the_same(one: Path, other: Path) -> bool:
    """Whether two files of facts hold the same numbers: the seventeenth digit of one may say nothing."""
    try:
        return json.loads(one.read_bytes()) == json.loads(other.read_bytes())
    except ValueError:
        return False


@pytest.mark.parametrize(
    "change",
    [
        {"threshold": 1e9},
        {"labels_used": True},
        {"normocyte": "0.0.1"},
        {"curves": []},
        {"sha256": "0" * 64},
        {"x": 1},
    ],
)
def test_a_changed_word_in_what_it_says_of_itself_is_found(saved, change):
    say(saved, seal=False, **change)
    with pytest.raises(BundleError, match=r"was altered: bundle\.json not as it was saved"):
        load_bundle(saved)


def test_the_layout_of_its_json_does_not_matter(saved, trained):
    say(saved)
    assert load_bundle(saved).facts == trained.facts


@pytest.mark.parametrize("schema", [3, 99])
def test_a_newer_bundle_asks_for_a_newer_normocyte(saved, schema):
    say(saved, seal=False, schema=schema, normocyte="9.0")
    said = f"format {schema}, .* Normocyte {__version__}, .* up to 2. Update Normocyte .* made by 9.0"
    with pytest.raises(BundleError, match=said):
        load_bundle(saved)


@pytest.mark.parametrize("schema", [0, -1, "1", None, 1.5])
def test_an_unknown_format_is_refused(saved, schema):
    say(saved, seal=False, schema=schema)
    with pytest.raises(BundleError, match=f"has format {schema!r}, which is not that of a bundle"):
        load_bundle(saved)


@pytest.mark.parametrize("text", ["", "{", "\xff\xfe", "[" * 9999, '{"schema": 1'])
def test_damaged_json_is_a_bundle_error(saved, text):
    (saved / "bundle.json").write_text(text, encoding="latin-1")
    with pytest.raises(BundleError, match=r"bundle\.json is damaged: .*Copy the bundle again"):
        load_bundle(saved)


@pytest.mark.parametrize("text", ["[]", "3", "null", '"schema"', "{}"])
def test_json_of_another_kind_is_a_bundle_error(saved, text):
    (saved / "bundle.json").write_text(text, encoding="utf-8")
    with pytest.raises(BundleError, match="not that of a bundle"):
        load_bundle(saved)


@pytest.mark.parametrize("place", ["missing", "empty", "file"])
def test_what_is_no_bundle_is_said_to_be_none(tmp_path, place):
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(
        BundleError, match=f"There is no bundle in .*{place}: .*Give a folder made by normocyte"
    ):
        load_bundle(tmp_path / place)


@pytest.mark.parametrize(
    "change",
    [
        {"recipe": []},
        {"recipe": None},
        {"facts": {}},
        {"facts": {"parts": 3}},
        {"curves": None},
        {"threshold": "high"},
        {"threshold": None},
        {"files": []},
        {"files": None},
    ],
)
def test_a_sealed_bundle_that_says_nonsense_is_a_bundle_error(saved, change):
    say(saved, **change)
    with pytest.raises(BundleError):
        load_bundle(saved)


def test_parts_that_this_version_does_not_know_are_named(saved):
    recipe = facts_of(saved)["recipe"]
    say(saved, recipe=recipe | {"detector": {"name": "oracle"}, "score": {"name": "guess"}})
    with pytest.raises(
        BundleError, match=r"needs the detector 'oracle' and the score 'guess', which Normocyte"
    ):
        load_bundle(saved)


def test_pickled_arrays_are_never_opened(saved):
    arrays = {"scores": np.array([{}], dtype=object), "patients": np.array(["P"])}
    np.savez(saved / "calibration.npz", **arrays)
    digest = hashlib.sha256((saved / "calibration.npz").read_bytes()).hexdigest()
    say(saved, files=facts_of(saved)["files"] | {"calibration.npz": digest})
    with pytest.raises(BundleError, match="allow_pickle=False"):
        load_bundle(saved)


def test_an_older_bundle_makes_way_for_a_new_one(saved, other):
    save_bundle(other, saved)
    assert load_bundle(saved).recipe.seed == 6
    assert list(saved.parent.iterdir()) == [saved]


def test_an_empty_folder_and_what_systems_leave_in_a_bundle_may_be_overwritten(
    saved, other, trained, tmp_path
):
    (tmp_path / "empty").mkdir()
    save_bundle(trained, tmp_path / "empty")
    (saved / ".DS_Store").touch()
    save_bundle(other, saved)
    assert content_of(saved).keys() == content_of(tmp_path / "empty").keys() == set(FILES)


def test_a_bundle_is_overwritten_where_a_link_points(saved, other):
    link = saved.with_name("link")
    link.symlink_to(saved, target_is_directory=True)
    save_bundle(other, link)
    assert link.is_symlink()
    assert load_bundle(saved).recipe.seed == 6


@pytest.mark.parametrize("moment", ["savez", "fsync", "rename", "rename back"])
def test_a_save_that_fails_leaves_the_old_bundle_as_it_was(saved, other, monkeypatch, moment):
    before = content_of(saved)
    _fail_at(moment, monkeypatch)
    with pytest.raises(OutputError, match=r"Cannot write .*No space left on device.*Free some space"):
        save_bundle(other, saved)
    monkeypatch.undo()
    assert content_of(saved) == before
    assert list(saved.parent.iterdir()) == [saved]


def _fail_at(moment: str, monkeypatch) -> None:
    rename = Path.rename

    def not_the_draft(path, target):
        return full_disk() if path.name.endswith(".part") else rename(path, target)

    kinds = {"savez": (np, full_disk), "fsync": (os, full_disk), "rename": (Path, full_disk)}
    owner, fails = kinds.get(moment, (Path, not_the_draft))
    monkeypatch.setattr(owner, moment.split()[0], fails)


def test_ctrl_c_while_saving_leaves_the_old_bundle_as_it_was(saved, other, monkeypatch):
    def stop(*_, **__):
        raise KeyboardInterrupt

    before = content_of(saved)
    monkeypatch.setattr(np, "savez", stop)
    with pytest.raises(KeyboardInterrupt):
        save_bundle(other, saved)
    assert (content_of(saved), list(saved.parent.iterdir())) == (before, [saved])


def test_what_a_killed_save_left_behind_is_cleared_away(saved, other):
    for name in (".bundle.part", ".bundle.old"):
        saved.with_name(name).mkdir()
        saved.with_name(name).joinpath("network.onnx").write_bytes(b"half")
    save_bundle(other, saved)
    assert list(saved.parent.iterdir()) == [saved]
    assert load_bundle(saved).recipe.seed == 6


def test_a_save_killed_between_two_renames_is_mended_by_the_next(saved, other):
    saved.rename(saved.with_name(".bundle.old"))
    save_bundle(other, saved)
    assert list(saved.parent.iterdir()) == [saved]


@pytest.mark.parametrize("name", ["notes.txt", "network.keras"])
def test_a_bundle_with_somebody_elses_file_in_it_is_left_alone(saved, other, name):
    (saved / name).write_text("mine", encoding="utf-8")
    before = content_of(saved)
    with pytest.raises(OutputError, match=f"not a bundle alone: it holds {name}; it is left as it is"):
        save_bundle(other, saved)
    assert content_of(saved) == before


@pytest.mark.parametrize("text", ["[]", '{"name": "app"}', "", '"normocyte schema"'])
def test_a_folder_with_another_bundle_json_is_left_alone(trained, tmp_path, text):
    (tmp_path / "bundle.json").write_text(text, encoding="utf-8")
    with pytest.raises(OutputError, match="exists and is not a bundle; it is left as it is"):
        save_bundle(trained, tmp_path)
    assert (tmp_path / "bundle.json").read_text(encoding="utf-8") == text


def test_a_file_in_its_place_is_left_alone(trained, tmp_path):
    (tmp_path / "bundle").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="exists and is not a bundle"):
        save_bundle(trained, tmp_path / "bundle")
    assert (tmp_path / "bundle").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("place", ["", ".", "..", "a/.."])
def test_a_place_without_a_name_is_refused(place):
    with pytest.raises(OutputError, match=r"has no name of its own\. Name a new folder"):
        check_place(Path(place))


def test_a_place_below_a_file_cannot_be_written(trained, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="Choose another place"):
        save_bundle(trained, tmp_path / "file" / "bundle")


def test_a_pipeline_without_a_cut_is_not_saved(trained, tmp_path):
    pipeline = replace(trained.pipeline, threshold=Quantile())
    with pytest.raises(BundleError, match=r"has no threshold yet \(nan\); fit its threshold"):
        save_bundle(replace(trained, pipeline=pipeline), tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_detector_without_a_graph_is_not_saved(trained, tmp_path):
    pipeline = _with(trained.pipeline, detector=replace(trained.pipeline.shown.detector))
    with pytest.raises(BundleError, match=r"The network \(0 bytes\) is not an ONNX graph"):
        save_bundle(replace(trained, pipeline=pipeline), tmp_path / "bundle")
    assert list(tmp_path.iterdir()) == []


def test_a_gate_comes_back_with_its_ranges_and_what_was_measured(trained, drawn, tmp_path):
    recipe = replace(trained.recipe, cell_checks=(Exposure(), Sharpness()))
    pipeline = replace(trained.pipeline, gate=recipe.pipeline().gate)
    pipeline.gate.fit(drawn(40, 1), patients=4)
    pipeline.measured = pipeline.gate.measures(drawn(len(pipeline.calibration), 2))
    save_bundle(replace(trained, recipe=recipe, pipeline=pipeline), tmp_path / "bundle")
    loaded = load_bundle(tmp_path / "bundle").pipeline
    np.testing.assert_array_equal(loaded.gate.limits_, pipeline.gate.limits_)
    assert loaded.measured.keys() == pipeline.measured.keys()
    np.testing.assert_array_equal(loaded.measured["detail"], pipeline.measured["detail"])


def test_a_bundle_without_a_gate_lets_everything_pass(trained, tmp_path):
    save_bundle(trained, tmp_path / "bundle")
    with np.load(tmp_path / "bundle" / "calibration.npz") as arrays:
        assert not [name for name in arrays.files if name.startswith("gate_")]
    assert load_bundle(tmp_path / "bundle").pipeline.gate.causes([np.zeros((1, 1, 3), np.uint8)]) == [None]
