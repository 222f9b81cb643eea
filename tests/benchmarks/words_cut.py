"""What searches by words list at their default cut, and how much of it is right; nothing here was fitted on.

    python -m tests.benchmarks.words_cut [--data FOLDER] [--photos FOLDER] [--models FOLDER...]

Prints, as Markdown, for every bundled network: precision (of all that is listed for all questions), recall and the
mean number of photos listed, by the rule that shows all that is nearer than `found_cosine`, at the default place of
the slider, and at its default or the first further place that shows something, which is what the window does.

Four kinds of questions. Names of classes, in English and as the bundled list has them in Chinese: of the judging
photos one half of the classes fits the curve and the other half is asked for, both ways round. Captions of the
photos that training never saw: right are their own photo and those whose captions mean nearly the same, which is
strict (of two photos of running dogs one may count as wrong). And words and sentences about photos of another
origin, whose file names say what they show (ImageNet's); for sentences only the thing they name has to be there.
"""

import argparse
import re
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photofind.embedding import known_words, vocabulary
from photofind.embedding import manifest as manifests
from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import Chance, Manifest
from photofind.embedding.model_store import ModelStore
from photofind.embedding.text_encoder import TextEncoder, encoder_folder, words_vector
from photofind.errors import PhotofindError
from photofind.gui.likeness_slider import LIKELY, OF_WORDS
from photofind.training.calibrate import shows_chance
from photofind.training.data import Shards, pixels_of
from photofind.training.evaluate import Judge

SHARED = Path(__file__).resolve().parents[3] / "shared"
NEARLY_THE_SAME = 0.6
"""Cosine of two captions that mean nearly the same."""

DOGS = range(2085620, 2113800)
"""ImageNet's numbers of dogs."""
_BIRDS = (
    "brambling bulbul water_ouzel great_grey_owl lorikeet red-breasted_merganser little_blue_heron ruddy_turnstone "
    "redshank oystercatcher"
)
_FOOD = "trifle cheeseburger zucchini strawberry jackfruit chocolate_sauce meat_loaf corn plate rotisserie bakery"
THINGS = (
    ("", "a dog | 一只狗 | a dog running on grass | a small dog sitting on a sofa"),
    (_BIRDS, "a bird | 鸟 | a bird standing at the water"),
    ("gorilla gibbon patas proboscis_monkey marmoset squirrel_monkey", "a monkey | 猴子 | monkeys in a tree"),
    ("American_black_bear sloth_bear", "a bear | 熊 | a bear in the forest"),
    ("container_ship speedboat yawl boathouse", "a boat | 船 | a boat on the sea"),
    ("long-horned_beetle leaf_beetle fly bee walking_stick cockroach", "an insect | a beetle on a green leaf"),
    ("mushroom coral_fungus stinkhorn hen-of-the-woods", "a mushroom | 蘑菇 | mushrooms growing in the forest"),
    ("mountain_bike tricycle unicycle", "a bicycle | 自行车 | a person riding a bicycle"),
    ("snow_leopard lynx cheetah", "a wild cat lying in the snow"),
    ("acoustic_guitar", "a guitar | 吉他 | a man playing the guitar"),
    (_FOOD, "food"),
    ("tabby", "a cat | 猫"),
    ("tiger_shark eel coho", "a fish"),
    ("cab grille", "a car | 汽车"),
    ("church", "a church | 教堂"),
    ("steel_arch_bridge", "a bridge | 桥"),
    ("bullfrog", "a frog | 青蛙"),
    ("whiptail alligator_lizard Komodo_dragon", "a lizard"),
    ("starfish", "a starfish | 海星"),
    ("strawberry", "a strawberry | 草莓"),
    ("refrigerator", "a refrigerator | 冰箱"),
    ("great_grey_owl", "an owl | 猫头鹰"),
    ("trolleybus", "a bus"),
    ("red_fox", "a fox"),
    ("cowboy_hat", "a hat"),
    ("backpack", "a backpack"),
    ("studio_couch", "a sofa"),
    ("bee", "a bee"),
    ("tiger_shark", "a shark"),
)
"""Classes whose photos are right, none for dogs, and the questions."""
SHOWN = {question: classes for classes, questions in THINGS for question in questions.split(" | ")}


@dataclass(frozen=True, slots=True)
class Listed:
    """What a rule lists for some questions."""

    precision: float
    recall: float
    photos: float


def main() -> int:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="What searches by words list, and how much of it is right.")
    parser.add_argument("--data", type=Path, default=SHARED / "train", help="folder of zip shards")
    parser.add_argument(
        "--photos", type=Path, default=SHARED / "photos" / "real", help="photos named by what they show"
    )
    parser.add_argument("--models", type=Path, nargs="*", help="folders of networks; default: all that are bundled")
    options = parser.parse_args()
    try:
        judge = Judge(Shards(options.data))
        folders = options.models
        found = ModelStore().manifests() if folders is None else [manifests.load(each) for each in folders]
    except PhotofindError as error:
        print(f"{error}\nPoint --data at a folder of shards and --models at folders of networks.", file=sys.stderr)
        return 1
    print("| network | questions | before | at the default | as the window begins |\n|---|---|--:|--:|--:|")
    for manifest in found:
        if manifest.text is None or manifest.text.shows is None:
            print(f"{manifest.model_id} tells no chances of words.", file=sys.stderr)
            continue
        for name, scores, right, curve in _questions(judge, manifest, sorted(options.photos.glob("*"))):
            cells = [_text(each) for each in _rules(scores, right, curve, manifest.text.found_cosine)]
            print(f"| {manifest.model_id} | {name} ({len(scores)}) | {' | '.join(cells)} |", flush=True)
    return 0


Question = tuple[str, NDArray[np.float32], NDArray[np.bool_], Chance]


def _questions(judge: Judge, manifest: Manifest, files: Sequence[Path]) -> list[Question]:
    """Return kinds of questions: cosines and what is right, [questions, photos] both, and the curve for them."""
    space = manifest.text
    assert space is not None
    assert space.shows is not None
    embedder, encoder = ImageEmbedder(manifest, "cpu"), TextEncoder(encoder_folder(manifest))
    _, shown = judge.embed(embedder)
    assert shown is not None
    found: list[Question] = []
    typed = judge.typed_scores(shown, space, encoder)
    if typed is not None:
        scores, right = typed
        half = np.array([zlib.crc32(name.encode()) % 2 for name in judge.labelled_classes])
        for side in (0, 1):
            fitted, asked = half == side, half != side
            names = right[:, fitted].any(axis=1)
            curve = shows_chance(scores[names][:, fitted], right[names][:, fitted])
            names = right[:, asked].any(axis=1)
            if curve is not None:
                found.append((f"names, half {side + 1}", scores[names][:, asked], right[names][:, asked], curve))
    captions = judge.caption_scores(shown, space, encoder)
    if captions is not None:
        found.append(("captions", captions[0], _meant(judge, encoder, captions[1]), space.shows))
    if files:
        pixels = np.stack([pixels_of(path.read_bytes(), embedder.input_px) for path in files])
        photos = np.concatenate([_text_vectors(embedder, pixels[at : at + 16]) for at in range(0, len(pixels), 16)])
        for name, questions in _of_other_origin():
            rows = [words_vector(encoder, space, _english(question)) for question in questions]
            right = np.array([[_shows(path, question) for path in files] for question in questions])
            found.append((name, np.stack(rows) @ photos.T, right, space.shows))
    return found


def _of_other_origin() -> list[tuple[str, list[str]]]:
    chinese = [question for question in SHOWN if not question.isascii()]
    sentences = [question for question in SHOWN if question.isascii() and len(question.split()) > 2]
    words = [question for question in SHOWN if question not in (*chinese, *sentences)]
    return [("words", words), ("Chinese words", chinese), ("sentences", sentences)]


def _meant(judge: Judge, encoder: TextEncoder, described: NDArray[np.int64]) -> NDArray[np.bool_]:
    vectors = encoder.encode(judge.captions)
    alike = vectors @ vectors.T >= NEARLY_THE_SAME
    right = np.zeros((len(described), int(described.max()) + 1), dtype=bool)
    for photo in range(right.shape[1]):
        right[:, photo] = alike[:, described == photo].any(axis=1)
    return right


def _text_vectors(embedder: ImageEmbedder, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    _, shown = embedder.embed_both(pixels)
    assert shown is not None
    return shown


def _english(question: str) -> str:
    return known_words.only_known(vocabulary.to_english(question).text).text


def _shows(path: Path, question: str) -> bool:
    number, name = re.fullmatch(r"n(\d+)_(.+)", path.stem).groups()  # type: ignore[union-attr]
    return name in SHOWN[question].split() if SHOWN[question] else int(number) in DOGS


def _rules(
    scores: NDArray[np.float32], right: NDArray[np.bool_], curve: Chance, found_cosine: float
) -> tuple[Listed, Listed, Listed]:
    default = scores >= curve.cosine(LIKELY.chance)
    begins = default.copy()
    for cut in OF_WORDS[OF_WORDS.index(LIKELY) + 1 : -1]:
        nothing = ~begins.any(axis=1)
        begins[nothing] = scores[nothing] >= curve.cosine(cut.chance)
    return _listed(scores >= found_cosine, right), _listed(default, right), _listed(begins, right)


def _listed(shown: NDArray[np.bool_], right: NDArray[np.bool_]) -> Listed:
    both = int((shown & right).sum())
    return Listed(both / max(1, int(shown.sum())), both / int(right.sum()), float(shown.sum(axis=1).mean()))


def _text(found: Listed) -> str:
    return f"P {found.precision:.2f} R {found.recall:.2f}, {found.photos:.1f}"


if __name__ == "__main__":
    sys.exit(main())
