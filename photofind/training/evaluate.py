"""How good a network is: on photos and classes that training never saw, the way the program will use it.

`Judge` chooses the judging photos of a folder of shards once and then judges any number of networks, each through
its exported ONNX file (`ImageEmbedder`, `TextEncoder`) and never through torch: what is measured is what ships. The
benchmark of retrieval and the end of a training run use the same object, so their figures compare. Other ways to
describe a picture (histograms, hashes, the teachers) are judged from their vectors.

Four questions, each answered by a function of scores alone: do photos of a class find each other, does an edited
copy find its original, do words find the photo they describe, is the first name of a photo right? Ties are lost.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

from photofind.embedding.image_embedder import ImageEmbedder
from photofind.embedding.manifest import TextSpace
from photofind.embedding.text_encoder import TextEncoder, centred, encode_typed, labels_vectors
from photofind.embedding.vocabulary import labels
from photofind.errors import UserError
from photofind.photo.decode import decode
from photofind.training import edits
from photofind.training.calibrate import cpu_ms
from photofind.training.data import HELD_OUT_PHOTOS_ONE_IN, Shards, TrainingPhoto, pixel_batches

SMALL_SOURCES = ("tiny_imagenet",)
"""64 px a side: too blurred to judge on."""
IMAGENET_SOURCES = ("tiny_imagenet", "imagenette", "imagenet_mini")
"""Not asked for in class retrieval: networks that start from ImageNet labels have seen these classes by name."""
NO_CLASSES = ("selfexsr",)
"""Sources whose labels are names of sets, not of what the photos show."""

CLASS_PHOTOS = 60
CLASS_LEAST = 20
"""Of each held-out class so many photos, if it has so many at least."""
EDITED_PHOTOS = 60
DISTRACTORS = 420
"""An edited copy has to find its original among these and the other originals."""
LABELLED_PER_CLASS = 20
WHOLE_PX = 512
"""Edits are made on the photo as it is, up to this shorter side."""

LABELS_OF_CLASS: Mapping[str, str] = MappingProxyType(
    {
        "airplanes": "airplane | propeller plane", "bass": "fish", "binocular": "binoculars",
        "buddha": "statue | sculpture",
        "buildings": "skyscraper | apartment building | office building | bank building | tower | city skyline",
        "bus": "bus | double-decker bus | school bus", "car": "car | convertible car | electric car | taxi",
        "car_side": "car | convertible car | electric car", "cassette_player": "cassette tape | radio",
        "cat": "cat | black cat | persian cat | siamese cat | tabby cat", "ceiling_fan": "electric fan",
        "cellphone": "mobile phone", "chain_saw": "chainsaw",
        "chair": "chair | armchair | office chair | folding chair | rocking chair",
        "church": "church | cathedral",
        "coast": "coastline | rocky coast | beach | sandy beach | pebble beach | sea | ocean wave",
        "cock": "rooster | chicken bird", "crocodile_head": "crocodile", "cup": "cup | mug | teacup",
        "dollar_bill": "banknote", "dress": "dress | wedding dress", "english_springer": "dog",
        "euphonium": "tuba | french horn", "faces": "face | portrait | man | woman | person | smiling face",
        "flamingo_head": "flamingo",
        "forest": "forest | pine forest | autumn forest | misty forest | bamboo forest | rainforest | forest path",
        "frontal": "house | farmhouse", "gas_pump": "gas station",
        "glacier": "glacier | iceberg | snowy mountain", "gramophone": "record player",
        "great_white_shark": "shark", "hammerhead": "shark",
        "hat": "hat | straw hat | cowboy hat | top hat | woolly hat | baseball cap", "headphone": "headphones",
        "hen": "chicken bird", "highway": "highway | country road",
        "industrial": "factory | warehouse", "inline_skate": "roller skating",
        "insidecity": "street | busy street | apartment building | office building | city skyline",
        "ketch": "sailboat | yacht", "lamp": "lamp | table lamp | floor lamp", "leopards": "leopard",
        "livingroom": "living room", "llama": "llama | alpaca", "lobster": "lobster animal",
        "longsleeve": "shirt | t-shirt | sweater", "lotus": "lotus flower | water lily", "mandolin": "guitar",
        "motorbikes": "motorcycle", "mountain": "mountain | mountain range | mountain peak | snowy mountain",
        "nautilus": "seashell",
        "opencountry": "meadow | grassland | hill | wheat field | corn field | farm | country road",
        "outwear": "coat | jacket | down jacket | leather jacket | denim jacket", "pagoda": "pagoda | temple",
        "panda": "giant panda", "pants": "trousers | jeans", "person": "person | man | woman | portrait",
        "rhino": "rhinoceros", "robin": "robin bird", "rooster": "rooster | chicken bird", "roses": "rose",
        "sea": "sea | ocean wave | beach | sandy beach | coastline | rocky coast", "sea_horse": "seahorse",
        "shirt": "shirt | polo shirt", "shoes": "shoe | leather shoe | sneaker | boot | sandal | hiking boot",
        "soccer_ball": "soccer ball | football | ball", "stop_sign": "stop sign | traffic sign",
        "store": "supermarket | supermarket aisle | clothing shop | bookshop",
        "street": "street | busy street | street photo | street at night | rainy street | alley",
        "suburb": "house | village | farmhouse", "sunflowers": "sunflower | sunflower field",
        "t-shirt": "t-shirt | shirt", "tallbuilding": "skyscraper | tower | office building | apartment building",
        "tiger_shark": "shark", "train": "train | freight train | high-speed train | subway train",
        "tulips": "tulip", "water_lilly": "water lily | lotus flower", "whale_fluke": "whale",
        "wild_cat": "lynx | cat", "windsor_chair": "chair | armchair | rocking chair",
    }
)  # fmt: skip
"""The everyday names that are right for a class of the judging photos, where that is not the class's own name. What
is no label counts for nothing, and a class without any is not asked for."""


WIDER_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "bird": "cock | flamingo_head | ostrich | pigeon | robin", "boat": "ketch", "cat": "wild_cat",
        "chair": "windsor_chair", "fish": "bass | goldfish | great_white_shark | hammerhead",
        "flower": "daisy | dandelion | lotus | roses | sunflowers | tulips | water_lilly",
        "insect": "ant | butterfly | dragonfly", "house": "suburb", "person": "faces", "road": "highway | street",
        "sky": "airplanes | helicopter", "truck": "garbage_truck", "tree": "bonsai | forest",
        "trumpet": "euphonium | french_horn | saxophone", "water lily": "lotus",
    }
)  # fmt: skip
"""Names that are right for more classes than `LABELS_OF_CLASS` says, when somebody searches by them. They are no
labels of these classes there: a label should be the narrowest name."""


@dataclass(frozen=True, slots=True)
class Retrieval:
    """Means over all queries: average precision of the ranking, and the share of right ones in its first ten."""

    mean_average_precision: float
    precision_at_10: float
    queries: int


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """How often an edited copy finds its original first, by kind of edit, and among how many photos."""

    recall_by_kind: Mapping[str, float]
    photos: int

    @property
    def recall(self) -> float:
        """The mean over the kinds."""
        return float(np.mean(list(self.recall_by_kind.values())))

    @property
    def worst(self) -> tuple[str, float]:
        """The kind with the lowest recall, and that."""
        return min(self.recall_by_kind.items(), key=lambda item: item[1])


@dataclass(frozen=True, slots=True)
class WordsRetrieval:
    """How often the described photo is among the first 1, 5 and 10, for so many queries among so many photos."""

    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    queries: int
    photos: int


@dataclass(frozen=True, slots=True)
class LabelAccuracy:
    """How often a right name is the first, and among the first five, over so many photos."""

    top_1: float
    top_5: float
    photos: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures of one network in one precision; None where it, or the data, lacks what the figure needs."""

    name: str
    precision: str
    classes: Retrieval | None
    near: NearDuplicates | None
    words: WordsRetrieval | None = None
    labels: LabelAccuracy | None = None
    cpu_ms: float | None = None


# --- the four questions


def class_retrieval(vectors: NDArray[np.float32], labels: Sequence[str]) -> Retrieval:
    """Let every photo query all others; those of its class are right.

    Args:
        vectors: float32 [n, d], rows of length 1.
        labels: Class of each; a class of one photo is no query.
    """
    _, classes = np.unique(np.asarray(labels), return_inverse=True)
    precisions: list[float] = []
    firsts: list[float] = []
    for start in range(0, len(vectors), 512):
        block = slice(start, start + 512)
        scores = vectors[block] @ vectors.T
        rows = np.arange(scores.shape[0])
        scores[rows, rows + start] = -np.inf  # itself last, where it is cut off
        ranking = np.argsort(-scores, axis=1, kind="stable")[:, :-1]
        right = classes[ranking] == classes[block][:, None]
        places = np.arange(1, right.shape[1] + 1)
        hits = right.cumsum(axis=1)
        totals = hits[:, -1]
        average = (hits / places * right).sum(axis=1) / np.maximum(totals, 1)
        precisions.extend(average[totals > 0].tolist())
        firsts.extend(right[totals > 0, :10].mean(axis=1).tolist())
    return Retrieval(float(np.mean(precisions)), float(np.mean(firsts)), len(precisions))


def near_duplicates(
    scores: NDArray[np.float32], original_of: NDArray[np.int64], kinds: Sequence[str]
) -> NearDuplicates:
    """Let every edited copy query the photos; its original should come first.

    Args:
        scores: Likeness of each copy to each photo, float32 [copies, photos]; larger is more alike.
        original_of: int [copies], the row of its original among the photos.
        kinds: Kind of edit of each copy.
    """
    found = _rank(scores, original_of) == 1
    of_kind: dict[str, list[bool]] = defaultdict(list)
    for kind, is_first in zip(kinds, found.tolist(), strict=True):
        of_kind[kind].append(is_first)
    return NearDuplicates({kind: float(np.mean(each)) for kind, each in of_kind.items()}, scores.shape[1])


def words_retrieval(scores: NDArray[np.float32], photo_of: NDArray[np.int64]) -> WordsRetrieval:
    """Let every description query the photos.

    Args:
        scores: float32 [descriptions, photos].
        photo_of: int [descriptions], the row of the photo that it describes.
    """
    ranks = _rank(scores, photo_of)
    at_1, at_5, at_10 = (float((ranks <= k).mean()) for k in (1, 5, 10))
    return WordsRetrieval(at_1, at_5, at_10, *scores.shape)


def label_accuracy(scores: NDArray[np.float32], right: NDArray[np.bool_]) -> LabelAccuracy:
    """Look at the names that fit each photo best.

    Args:
        scores: float32 [photos, labels].
        right: bool [photos, labels], one at least in each row. That another right name comes first does no harm.
    """
    best = np.where(right, scores, -np.inf).max(axis=1)
    ranks = 1 + (~(scores < best[:, None]) & ~right).sum(axis=1)
    return LabelAccuracy(float((ranks <= 1).mean()), float((ranks <= 5).mean()), len(ranks))


def _rank(scores: NDArray[np.float32], right: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the place of the right column in each row, from 1; whatever ties with it comes before it."""
    own = scores[np.arange(len(scores)), right]
    ranks: NDArray[np.int64] = (~(scores < own[:, None])).sum(axis=1)  # NaN is no way to the first place
    return ranks


# --- the judge


class Judge:
    """The judging photos of a folder of shards, and the judgement of networks on them.

    Args:
        shards: Photos without labels or captions are fine; the figures that need those are then None.

    Attributes:
        photos: All judging photos, each once; vectors given to `vectors` are in their order.
        copies: Kinds of the edited copies, in the order of `copy_pixels`.

    Raises:
        UserError: There are too few photos for any to be held out.
    """

    def __init__(self, shards: Shards) -> None:
        self._shards = shards
        unseen = [photo for photo in shards.photos if not photo.may_train and photo.source not in SMALL_SOURCES]
        of_classes = shards.classes(
            per_class=CLASS_PHOTOS, at_least=CLASS_LEAST, leave_out=(*IMAGENET_SOURCES, *NO_CLASSES)
        )
        shuffled = [unseen[row] for row in np.random.default_rng(1).permutation(len(unseen))]
        gallery = shuffled[: EDITED_PHOTOS + DISTRACTORS]
        captioned = [photo for photo in unseen if photo.captions]
        labelled = labelled_photos(unseen)
        self.photos = tuple(dict.fromkeys((*of_classes, *gallery, *captioned, *labelled)))
        if not self.photos:
            raise UserError(
                f"{len(shards.photos)} photos are too few to judge a network on: one in {HELD_OUT_PHOTOS_ONE_IN} "
                "is held out for that, and here it is none."
            )
        row_of = {photo: row for row, photo in enumerate(self.photos)}
        self._of_classes = _rows(row_of, of_classes)
        self._classes = [photo.label.casefold() for photo in of_classes]
        self._gallery = _rows(row_of, gallery)
        self._edited = gallery[:EDITED_PHOTOS]
        self.copies = edits.KINDS * len(self._edited)
        self._captioned = _rows(row_of, captioned)
        self.captions = [caption for photo in captioned for caption in photo.captions]
        self._described = np.array(
            [row for row, photo in enumerate(captioned) for _ in photo.captions], dtype=np.int64
        )
        self._labelled = _rows(row_of, list(labelled))
        self.labelled_classes = [photo.label.casefold() for photo in labelled]
        self._right = np.zeros((len(labelled), len(labels())), dtype=np.bool_)
        for row, names in enumerate(labelled.values()):
            self._right[row, list(names)] = True
        self._words: dict[str, NDArray[np.float32]] = {}
        """Vectors of the captions, by encoder."""

    def pixels(self, input_px: int) -> Iterator[NDArray[np.uint8]]:
        """Yield batches of the photos, uint8 [n, input_px, input_px, 3]."""
        return self._shards.pixels(self.photos, input_px)

    def copy_pixels(self, input_px: int) -> Iterator[NDArray[np.uint8]]:
        """Yield batches of the edited copies: all kinds of the first photo, then of the second, and so on."""
        return pixel_batches(self._copy_files(), input_px)

    def _copy_files(self) -> Iterator[bytes]:
        for seed, data in enumerate(self._shards.files(self._edited)):
            image = decode(data, min_side_px=WHOLE_PX).image
            for kind in edits.KINDS:
                yield edits.edited(image, kind, seed)

    def network(self, embedder: ImageEmbedder, encoder: TextEncoder | None = None) -> Evaluation:
        """Judge the file of a network that this embedder runs; its time is the CPU's.

        Args:
            embedder: On the CPU, if `cpu_ms` is to mean something.
            encoder: The text encoder of the network's text space; without it words and labels are not judged.
        """
        space = embedder.manifest.text
        images, shown = self.embed(embedder)
        copies = np.concatenate([embedder.embed(batch) for batch in self.copy_pixels(embedder.input_px)])
        found = self.vectors(embedder.model_id, images, copies)
        found = replace(found, precision=embedder.variant, cpu_ms=cpu_ms(embedder))
        if space is None or encoder is None or shown is None:
            return found
        words, names = self.caption_scores(shown, space, encoder), self.label_scores(shown, space, encoder)
        return replace(
            found,
            words=None if words is None else words_retrieval(*words),
            labels=None if names is None else label_accuracy(*names),
        )

    def embed(self, embedder: ImageEmbedder) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
        """Return the vectors of `photos` and, where the network knows words, their vectors in text space."""
        images, texts = [], []
        for batch in self.pixels(embedder.input_px):
            image, text = embedder.embed_both(batch)
            images.append(image)
            if text is not None:
                texts.append(text)
        return np.concatenate(images), np.concatenate(texts) if texts else None

    def classes(self, photos: NDArray[np.float32]) -> tuple[NDArray[np.float32], list[str]]:
        """Return the vectors of the photos with classes, and their classes; of all vectors of `photos`."""
        return photos[self._of_classes], self._classes

    def vectors(self, name: str, photos: NDArray[np.float32], copies: NDArray[np.float32] | None) -> Evaluation:
        """Judge any way to describe a picture by its vectors.

        Args:
            name: Its name in the table.
            photos: float32 [n, d], rows of length 1, of `photos`.
            copies: float32 [m, d] of the edited copies, or [m, turns, d] where a copy is compared in several turns
                and the best counts; None leaves near-duplicates out.
        """
        classes = near = None
        if self._classes:
            classes = class_retrieval(photos[self._of_classes], self._classes)
        if copies is not None and len(copies):
            gallery = photos[self._gallery]
            turned = copies if copies.ndim == 3 else copies[:, None]
            scores = np.stack([each @ gallery.T for each in turned.transpose(1, 0, 2)]).max(axis=0)
            near = near_duplicates(scores, np.repeat(np.arange(len(self._edited)), len(edits.KINDS)), self.copies)
        return Evaluation(name, "", classes, near)

    def caption_scores(
        self, shown: NDArray[np.float32], space: TextSpace, encoder: TextEncoder
    ) -> tuple[NDArray[np.float32], NDArray[np.int64]] | None:
        """Return cosines of captions and captioned photos, and each caption's photo; None without captions.

        Args:
            shown: Vectors of `photos` in text space.
            space: That space.
            encoder: Its encoder.
        """
        if not self.captions:
            return None
        if encoder.encoder_id not in self._words:
            self._words[encoder.encoder_id] = encode_typed(encoder, space, self.captions)
        words = centred(self._words[encoder.encoder_id], space)
        return words @ shown[self._captioned].T, self._described

    def label_scores(
        self, shown: NDArray[np.float32], space: TextSpace, encoder: TextEncoder
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]] | None:
        """Return cosines of photos and labels, and which labels are right, [n, labels] both; arguments as above."""
        if not len(self._right):
            return None
        names = labels_vectors(encoder, space)
        return shown[self._labelled] @ names.T, self._right

    def typed_scores(
        self, shown: NDArray[np.float32], space: TextSpace, encoder: TextEncoder
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]] | None:
        """Return what searches by names find, see `typed_scores`; arguments as for `caption_scores`."""
        if not len(self._right):
            return None
        return typed_scores(shown[self._labelled], self.labelled_classes, self._right, space, encoder)


def typed_scores(
    shown: NDArray[np.float32],
    classes: Sequence[str],
    right: NDArray[np.bool_],
    space: TextSpace,
    encoder: TextEncoder,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Return what a search by each name finds that some of the photos show: cosines and whether it is shown.

    The names are encoded as words that somebody types, not as labels.

    Args:
        shown: Vectors of photos in text space, float32 [n, d].
        classes: Of each photo, in lower case.
        right: Their labels, bool [n, labels].
        space: That space.
        encoder: Its encoder.

    Returns:
        float32 [names, n] and bool [names, n].
    """
    right = right.copy()
    place = {label.name: column for column, label in enumerate(labels())}
    for name, wider in WIDER_NAMES.items():
        right[np.isin(classes, wider.split(" | ")), place[name]] = True
    asked = np.flatnonzero(right.any(axis=0))
    words = centred(encode_typed(encoder, space, [labels()[column].name for column in asked]), space)
    return words @ shown.T, right[:, asked].T


def labelled_photos(photos: Sequence[TrainingPhoto]) -> dict[TrainingPhoto, tuple[int, ...]]:
    """Return up to `LABELLED_PER_CLASS` photos of each class that has an everyday name, with their right labels."""
    place = {label.name: row for row, label in enumerate(labels())}
    taken: dict[str, int] = defaultdict(int)
    chosen = {}
    for photo in photos:
        name = photo.label.casefold()
        names = LABELS_OF_CLASS.get(name, name.replace("_", " ")).split(" | ")
        right = tuple(place[each] for each in names if each in place)
        if right and taken[name] < LABELLED_PER_CLASS:
            taken[name] += 1
            chosen[photo] = right
    return chosen


def _rows(row_of: Mapping[TrainingPhoto, int], photos: Sequence[TrainingPhoto]) -> NDArray[np.int64]:
    return np.array([row_of[photo] for photo in photos], dtype=np.int64)


# --- the table


def table(found: Sequence[Evaluation]) -> str:
    """Return the figures as two Markdown tables: all of each network, then near-duplicates by kind of edit."""
    lines = [
        "| network | file | mAP | P@10 | near R@1 | worst edit | words R@1 / 5 / 10 | labels 1 / 5 | CPU ms |",
        "|---|---|--:|--:|--:|---|--:|--:|--:|",
    ]
    for each in found:
        classes, near, words, names = each.classes, each.near, each.words, each.labels
        cells = [
            each.name,
            each.precision,
            _figures(classes.mean_average_precision) if classes else "",
            _figures(classes.precision_at_10) if classes else "",
            _figures(near.recall) if near else "",
            f"{near.worst[0]} {_figures(near.worst[1])}" if near else "",
            _figures(words.recall_at_1, words.recall_at_5, words.recall_at_10) if words else "",
            _figures(names.top_1, names.top_5) if names else "",
            "" if each.cpu_ms is None else f"{each.cpu_ms:.1f}",
        ]
        lines.append(f"| {' | '.join(cells)} |")
    columns = [(f"{each.name} {each.precision}".strip(), each.near) for each in found if each.near]
    if columns:
        lines += ["", f"| edit | {' | '.join(name for name, _ in columns)} |", "|---|" + "--:|" * len(columns)]
        for kind in edits.KINDS:
            cells = [_figures(near.recall_by_kind[kind]) for _, near in columns]
            lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _figures(*shares: float) -> str:
    """Return ".123 / .456" for 0.1234 and 0.4561."""
    return " / ".join(f"{share:.3f}".removeprefix("0") for share in shares)
