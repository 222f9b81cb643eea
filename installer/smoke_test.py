"""Does the frozen program work? It indexes photos made here and finds one of them again, without a display.

    python installer/smoke_test.py dist/photofind/photofind

Needs Pillow, which the environment that freezes has. Exits with 0 when all is well, else with a sentence.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

PHOTOS = 12


def make_photos(folder: Path) -> list[Path]:
    """Write photos that differ, a HEIC-free mix of formats, and one file that is no photo."""
    folder.mkdir()
    paths = []
    for number in range(PHOTOS):
        image = Image.linear_gradient("L").resize((640, 480)).rotate(30 * number).convert("RGB")
        draw = ImageDraw.Draw(image)
        draw.ellipse((40 * number, 100, 40 * number + 150, 300), fill=(20 * number, 250 - 20 * number, 90))
        draw.rectangle((500 - 30 * number, 30 * number, 600, 440), fill=(90, 15 * number, 200))
        paths.append(folder / f"photo {number}{('.jpg', '.png', '.webp')[number % 3]}")
        image.save(paths[-1])
    (folder / "broken.jpg").write_bytes(b"no photo at all")
    return paths


def ask(program: str, library: Path, *words: str) -> dict[str, Any]:
    """Run one command of the program and return its JSON object; exits with what it said when it fails."""
    home = str(library.parent)
    environment = {**os.environ, "HOME": home, "USERPROFILE": home, "APPDATA": home, "LOCALAPPDATA": home}
    command = [program, "--library", str(library), *words, "--json"]
    result = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300, check=False)
    if result.returncode:
        sys.exit(f"{' '.join(command)} ended with {result.returncode}:\n{result.stderr}")
    answer: dict[str, Any] = json.loads(result.stdout)
    return answer


def main() -> None:
    """Run the program through a library's whole life."""
    program = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory(prefix="photofind-smoke-") as name:
        folder, library = Path(name) / "photos", Path(name) / "library"
        paths = make_photos(folder)
        facts = ask(program, library, "index", str(folder))
        if (facts["photos"], facts["failed"]) != (PHOTOS, 1):
            sys.exit(f"Expected {PHOTOS} photos and 1 failure, got {facts}")
        hits = ask(program, library, "similar", str(paths[5]))["hits"]
        if Path(hits[0]["path"]) != paths[5] or abs(hits[0]["score"] - 1) > 0.001:
            sys.exit(f"A photo of the library should be found first with score 1: {hits[:3]}")
        if not ask(program, library, "search", "photo")["hits"]:
            sys.exit("Words found nothing.")
        if not ask(program, library, "verify")["ok"]:
            sys.exit("The library is not sound.")
        models = ask(program, library, "models")["models"]
        if not any(model["active"] and model["bundled"] for model in models):
            sys.exit(f"No bundled network is active: {models}")
    print(f"The frozen program works: {facts['photos']} photos in {facts['seconds']:.1f} s.")


if __name__ == "__main__":
    main()
