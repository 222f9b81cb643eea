"""Nothing leaves the computer: what the program loads opens no connection and leaves no identifier behind."""

import os
import subprocess
import sys
from pathlib import Path

LOADS_THE_NETWORK = """
import numpy, psutil
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.model_store import ModelStore, bundled_folder
store = ModelStore(bundled_folder())
embedder = ImageEmbedder(store.manifest(store.default_id()))
embedder.embed(numpy.zeros((1, embedder.input_px, embedder.input_px, 3), numpy.uint8))
assert not psutil.Process().net_connections()
"""


def test_the_network_runs_without_telling_anybody(tmp_path: Path) -> None:
    # onnxruntime keeps still by itself where these are set, which would hide what a user gets.
    environment = {k: v for k, v in os.environ.items() if k not in ("CI", "ORT_RUNNING_UNIT_TESTS")}
    environment = {k: v for k, v in environment.items() if "TELEMETRY" not in k}
    environment |= dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_HOME"), str(tmp_path))
    subprocess.run([sys.executable, "-c", LOADS_THE_NETWORK], env=environment, check=True, timeout=60)
    assert not list(tmp_path.rglob("*")), "a session or device identifier was written"
