"""The command that draws a smear."""

import json

SIZE = ("--width", 640, "--height", 480)


def test_a_drawn_smear_is_counted(call, tmp_path):
    outcome = call("draw", "smear", "--parasitaemia", 0.1, "--fields", 1, *SIZE, "--to", tmp_path / "smear")
    about = json.loads((tmp_path / "smear/smear.json").read_text(encoding="utf-8"))
    assert outcome.exit_code == 0
    assert outcome.stdout == (
        f"{about['red_cells']} red cells in 1 fields in {tmp_path / 'smear'}: {about['infected']} infected\n"
    )
    assert (tmp_path / "smear/field_001.png").is_file()


def test_a_field_may_be_a_jpeg(call, tmp_path):
    outcome = call(
        "draw", "smear", "--form", "jpg", "--scale-bar", "--fields", 1, *SIZE, "--to", tmp_path / "smear"
    )
    assert outcome.exit_code == 0
    assert (tmp_path / "smear/field_001.jpg").read_bytes().startswith(b"\xff\xd8")


def test_an_impossible_size_is_one_sentence(call, tmp_path):
    outcome = call("draw", "smear", "--width", 10, "--to", tmp_path / "smear")
    assert outcome.exit_code == 2
    assert "width must be a whole number from 320 to 6000, not 10" in outcome.stderr
