"""The small networks under tests/data/models are what their script makes; needs the package onnx."""

import pytest

pytest.importorskip("onnx")

from tests.embedding.make_foreign_models import FOLDER, all_files


def test_the_files_are_what_the_script_makes() -> None:
    made = all_files()
    assert {path.name for path in FOLDER.iterdir()} == set(made)
    for name, data in made.items():
        assert (FOLDER / name).read_bytes() == data, name
    assert max(map(len, made.values())) < 20_000
