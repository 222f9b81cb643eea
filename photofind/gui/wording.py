"""Facts of a photo in human words, in the language and the number format of the window.

Owned by the GUI thread; pure functions but for the language in force. They stand in one place because the details
panel, the duplicates, the comparison and the viewer must say the same thing the same way. Formatting inside the
records lost: the core does not know the window's language.
"""

import csv
import math
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale, Qt, QTime, QTimeZone

from photofind.records import (
    DatedBy,
    Explanation,
    FactKind,
    Hit,
    KeepRule,
    MatchFact,
    MatchKind,
    Merge,
    Metadata,
    ModelFacts,
    Photo,
    PhotoLabel,
)
from photofind.settings import resource_folder

translate = QCoreApplication.translate

_LOSSLESS_FORMATS = frozenset({"RAW", "TIFF", "PNG", "BMP", "PSD", "PPM", "TGA", "PCX"})
_EARLIEST_MS = -62_135_596_800_000
_LATEST_MS = 253_402_300_799_000


def display_text(path: bytes) -> str:
    """Return a path as it may be shown: whatever is not text, or would disturb the line, becomes U+FFFD.

    Never used to find a file again; only the bytes do that.
    """
    text = os.fsdecode(path)
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp") else c for c in text)


def display_name(path: bytes) -> str:
    """Return the last part of a path, as it may be shown."""
    return display_text(os.path.basename(path))


def display_folder(path: bytes) -> str:
    """Return the directory of a path, as it may be shown."""
    return display_text(os.path.dirname(path))


def size_text(size_bytes: int) -> str:
    """Return a file size such as "4.2 MB"."""
    return QLocale().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def dimensions_text(width_px: int, height_px: int) -> str:
    """Return "6,000 × 4,000 · 24 MP"; the megapixels are left out below half of one."""
    locale = QLocale()
    text = f"{locale.toString(width_px)} × {locale.toString(height_px)}"
    megapixels = width_px * height_px / 1e6
    if megapixels < 0.5:
        return text
    number = locale.toString(megapixels, "f", 1 if megapixels < 9.95 else 0)
    return translate("Facts", "{size} · {n} MP").format(size=text, n=number)


def date_text(captured_at_ms: int) -> str:
    """Return day with weekday and wall-clock time; see `Metadata.captured_at_ms`."""
    day, time = _wall_clock(captured_at_ms)
    locale = QLocale()
    day_text = locale.toString(day, QLocale.FormatType.LongFormat)
    return f"{day_text}, {locale.toString(time, QLocale.FormatType.ShortFormat)}"


def short_date_text(captured_at_ms: int) -> str:
    """Return day and wall-clock time to the second, short enough for a column and the same everywhere.

    The locale's own short form has two digits for the year and leaves out the seconds, which tell a burst apart.
    """
    day, time = _wall_clock(captured_at_ms)
    return f"{day.toString(Qt.DateFormat.ISODate)} {time.toString(Qt.DateFormat.ISODate)}"


def taken_text(photo: Photo) -> str:
    """Return when a photo was taken and what says so, unless its file does; the moment is that of the sections."""
    if photo.metadata.captured_at_ms is not None:
        return date_text(photo.metadata.captured_at_ms)
    day, time = _wall_clock(photo.taken_ms)
    day_text = QLocale().toString(day, QLocale.FormatType.LongFormat)
    if photo.dated_by is DatedBy.FILE:
        return translate("Facts", "No date in the file; filed under its last change, {date}").format(
            date=QLocale().toString(day, QLocale.FormatType.ShortFormat)
        )
    has_time = time != QTime(0, 0)  # else the name says a day alone
    return translate("Facts", "{date}, from the file name").format(
        date=date_text(photo.taken_ms) if has_time else day_text
    )


def file_date_text(mtime_ns: int) -> str:
    """Return when a file was last changed, in local time."""
    moment = QDateTime.fromMSecsSinceEpoch(mtime_ns // 1_000_000)
    locale = QLocale()
    day_text = locale.toString(moment.date(), QLocale.FormatType.LongFormat)
    return f"{day_text}, {locale.toString(moment.time(), QLocale.FormatType.ShortFormat)}"


def _wall_clock(ms: int) -> tuple[QDate, QTime]:
    clamped = min(max(ms, _EARLIEST_MS), _LATEST_MS)
    moment = QDateTime.fromMSecsSinceEpoch(clamped, QTimeZone(QTimeZone.Initialization.UTC))
    return moment.date(), moment.time()


def camera_text(metadata: Metadata) -> str:
    """Return maker and model once each: makers repeat their name in the model."""
    make, model = (metadata.camera_make or "").strip(), (metadata.camera_model or "").strip()
    if not make or not model:
        return make or model
    first_word = make.split()[0].casefold()
    return model if model.casefold().startswith(first_word) else f"{make} {model}"


def exposure_text(seconds: float) -> str:
    """Return "1/250 s", or "2.5 s" from a third of a second on."""
    locale = QLocale()
    if not math.isfinite(seconds) or seconds <= 0:
        return ""
    if seconds < 0.3:
        return translate("Facts", "1/{n} s", "exposure time").format(n=locale.toString(round(1 / seconds)))
    number = f"{seconds:.1f}".rstrip("0").rstrip(".").replace(".", locale.decimalPoint())
    return translate("Facts", "{n} s", "exposure time").format(n=number)


def exposure_line(metadata: Metadata) -> str:
    """Return "1/250 s · f/2.8 · ISO 200" with what the file tells."""
    locale = QLocale()
    parts: list[str] = []
    if metadata.exposure_s:
        parts.append(exposure_text(metadata.exposure_s))
    if metadata.f_number:
        parts.append(f"f/{_short_number(metadata.f_number)}")
    if metadata.iso:
        parts.append(translate("Facts", "ISO {n}").format(n=locale.toString(metadata.iso).replace(
            locale.groupSeparator(), "")))  # fmt: skip
    return " · ".join(part for part in parts if part)


def focal_text(metadata: Metadata) -> str:
    """Return "35 mm", with what it is on 35-mm film where that differs."""
    if not metadata.focal_mm:
        if metadata.focal_35mm:
            return translate("Facts", "{n} mm on 35-mm film").format(n=_short_number(metadata.focal_35mm))
        return ""
    text = translate("Facts", "{n} mm").format(n=_short_number(metadata.focal_mm))
    if metadata.focal_35mm and abs(metadata.focal_35mm - metadata.focal_mm) >= 1:
        film = translate("Facts", "{n} mm on 35-mm film").format(n=_short_number(metadata.focal_35mm))
        return f"{text} ({film})"
    return text


def position_text(metadata: Metadata) -> str:
    """Return "48.85840° N, 2.29450° E · 35 m", or "" when the file has no position."""
    if metadata.latitude is None or metadata.longitude is None:
        return ""
    locale = QLocale()
    latitude = locale.toString(abs(metadata.latitude), "f", 5)
    longitude = locale.toString(abs(metadata.longitude), "f", 5)
    north = translate("Facts", "N", "compass") if metadata.latitude >= 0 else translate("Facts", "S", "compass")
    east = translate("Facts", "E", "compass") if metadata.longitude >= 0 else translate("Facts", "W", "compass")
    text = f"{latitude}° {north}, {longitude}° {east}"
    if metadata.altitude_m is not None:
        height = translate("Facts", "{n} m").format(n=locale.toString(round(metadata.altitude_m)))
        text += " · " + height.replace(" ", "\u00a0")
    return text


def place_text(metadata: Metadata) -> str:
    """Return where a photo was taken: names of places where the file has them, else the position."""
    if metadata.place:
        return translate("Facts", ", ", "between names of places").join(dict.fromkeys(metadata.place))
    return position_text(metadata)


def _short_number(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".").replace(".", QLocale().decimalPoint())


def merge_text(merge: Merge) -> str:
    """Return what a photo takes over from its copies, in a line; empty when it is nothing."""
    named = [*merge.tags, *merge.collections]
    if merge.rating is not None:
        named.append(translate("Facts", "%n star(s)", "", merge.rating))
    if merge.flag > 0:
        named.append(translate("Facts", "picked"))
    if merge.title is not None:
        named.append(translate("Facts", "title"))
    if merge.caption is not None:
        named.append(translate("Facts", "caption"))
    return translate("Facts", ", ", "between what is taken over").join(named)


def marks_text(photo: Photo) -> str:
    """Return whether a photo is picked or rejected, and its stars; "" for neither."""
    mark = ""
    if photo.flag:
        mark = translate("Facts", "Picked") if photo.flag > 0 else translate("Facts", "Rejected")
    stars = stars_text(photo.rating)
    return " · ".join(dict.fromkeys(part for part in (mark, stars) if part))


def stars_text(rating: int | None) -> str:
    """Return "★★★☆☆", a word for rejected, or "" for no rating."""
    if rating is None or rating == 0:
        return ""
    if rating < 0:
        return translate("Facts", "Rejected")
    return "★" * min(rating, 5) + "☆" * (5 - min(rating, 5))


def kind_text(kind: MatchKind) -> str:
    """Return the name of a kind of duplicates."""
    match kind:
        case MatchKind.IDENTICAL:
            return translate("Facts", "Identical")
        case MatchKind.SAME:
            return translate("Facts", "Same picture")
        case MatchKind.BURST:
            return translate("Facts", "Burst")
        case MatchKind.SIMILAR:
            return translate("Facts", "Similar")


def kind_sentence(kind: MatchKind) -> str:
    """Return what a kind of duplicates means, one sentence."""
    match kind:
        case MatchKind.IDENTICAL:
            return translate("Facts", "The same bytes at several places.")
        case MatchKind.SAME:
            return translate("Facts", "One picture saved, resized, cropped or edited differently.")
        case MatchKind.BURST:
            return translate("Facts", "Pictures of one moment, taken within seconds by one camera.")
        case MatchKind.SIMILAR:
            return translate("Facts", "Pictures that look alike; each may be worth keeping.")


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """One fact of several photos side by side.

    Attributes:
        texts: One per photo, "" where unknown.
        better: Positions of the better value; empty when all are equal or none is better.
        why: Why the better value is better, a sentence.
    """

    label: str
    texts: tuple[str, ...]
    better: frozenset[int] = frozenset()
    why: str = ""


CLEARLY_SHARPER = 1.25
"""The sharpest photo is marked when it has so many times the measure of another; see `gui.sharpness`."""


def compare_facts(photos: list[Photo], sharpness: Sequence[float] = ()) -> list[ComparedFact]:
    """Return resolution, size, format and date of several photos, the better value of each marked.

    Better is: more pixels, more bytes, the camera's RAW file before a lossless format before the others, taken
    earlier (the original is older than its copies). Where one of them is known to have the video of a live photo,
    that is a fact, too.

    Args:
        photos: What is compared.
        sharpness: Of each as a part of the sharpest, 0 to 1; one more fact then, the better one marked only where
            another is clearly less sharp. Empty where it is not known.
    """
    unknown = 2**62
    sizes = tuple(size_text(photo.size_bytes) for photo in photos)
    facts = [
        ComparedFact(
            translate("Facts", "Resolution"),
            tuple(dimensions_text(photo.width_px, photo.height_px) for photo in photos),
            _best([photo.width_px * photo.height_px for photo in photos]),
            translate("Facts", "More pixels show finer detail and allow larger prints."),
        ),
        ComparedFact(
            translate("Facts", "File size"),
            sizes,
            # Two sizes that read the same are no difference to look for.
            _best([photo.size_bytes for photo in photos]) if len(set(sizes)) > 1 else frozenset(),
            translate("Facts", "A larger file has usually lost less to compression."),
        ),
        ComparedFact(
            translate("Facts", "Format"),
            tuple(photo.format for photo in photos),
            _best([_format_worth(photo.format) for photo in photos]),
            translate("Facts", "RAW keeps what the sensor saw; a lossless format keeps every pixel as it was."),
        ),
        ComparedFact(
            translate("Facts", "Taken"),
            tuple(_taken_text(photo) for photo in photos),
            _best([-_or(photo.metadata.captured_at_ms, unknown) for photo in photos]),
            translate("Facts", "The earliest is most likely the original: copies and edits come later."),
        ),
    ]
    if any(photo.has_video for photo in photos):
        live, still = translate("Facts", "with live video"), translate("Facts", "without video")
        facts.append(
            ComparedFact(
                translate("Facts", "Live photo"),
                tuple(live if photo.has_video else still for photo in photos),
                _best([int(photo.has_video) for photo in photos]),
                translate("Facts", "The seconds around the picture are there as a video."),
            )
        )
    if sharpness:
        facts.append(_compared_sharpness(sharpness))
    return facts


def _compared_sharpness(sharpness: Sequence[float]) -> ComparedFact:
    label = translate("Facts", "Sharpness")
    if min(sharpness) * CLEARLY_SHARPER > max(sharpness):
        return ComparedFact(label, (translate("Facts", "equally sharp"),) * len(sharpness))
    best = frozenset(n for n, share in enumerate(sharpness) if share * CLEARLY_SHARPER > max(sharpness))
    texts = [
        translate("Facts", "sharper")
        if n in best
        else translate("Facts", "{percent} as sharp").format(percent=percent_text(share))
        for n, share in enumerate(sharpness)
    ]
    why = translate("Facts", "It shows more fine detail at the same size. Noise counts as detail, too.")
    return ComparedFact(label, tuple(texts), best, why)


def _format_worth(format: str) -> int:
    return 2 if format == "RAW" else int(format in _LOSSLESS_FORMATS)


def keep_rule_text(rule: KeepRule) -> str:
    """Return what a rule says of the photo that stays, a sentence for the list of rules."""
    match rule:
        case KeepRule.AVAILABLE:
            return translate("Facts", "Its folder is available now")
        case KeepRule.FOLDER:
            return translate("Facts", "You prefer its folder")
        case KeepRule.LIVE_VIDEO:
            return translate("Facts", "It has the video of the live photo")
        case KeepRule.LARGEST_PICTURE:
            return translate("Facts", "It has more pixels")
        case KeepRule.RAW_FIRST:
            return translate("Facts", "It is the camera's RAW file")
        case KeepRule.PICKED:
            return translate("Facts", "You picked it, or rejected the other")
        case KeepRule.RATING:
            return translate("Facts", "You gave it more stars")
        case KeepRule.METADATA:
            return translate("Facts", "It knows more of when, where and how it was taken")
        case KeepRule.LARGEST_FILE:
            return translate("Facts", "Its file is larger")
        case KeepRule.OLDEST:
            return translate("Facts", "Its file is older")
        case KeepRule.NEWEST:
            return translate("Facts", "Its file is newer")
        case KeepRule.SHORTEST_PATH:
            return translate("Facts", "Its path is shorter")
        case KeepRule.FIRST_PATH:
            return translate("Facts", "Its path comes first in the alphabet")


def keep_reason(decided_by: Iterable[KeepRule | None]) -> str:
    """Return why the first photo of a group is the one proposed to keep: the rules that decided, each once.

    Empty where no rule tells it from another, so that none is proposed.
    """
    reasons = {
        KeepRule.AVAILABLE: translate("Facts", "its folder is available"),
        KeepRule.FOLDER: translate("Facts", "you prefer its folder"),
        KeepRule.LIVE_VIDEO: translate("Facts", "has its live video"),
        KeepRule.LARGEST_PICTURE: translate("Facts", "highest resolution"),
        KeepRule.RAW_FIRST: translate("Facts", "the camera's RAW file"),
        KeepRule.PICKED: translate("Facts", "picked, or not rejected"),
        KeepRule.RATING: translate("Facts", "highest rating"),
        KeepRule.METADATA: translate("Facts", "knows most of when, where and how it was taken"),
        KeepRule.LARGEST_FILE: translate("Facts", "largest file"),
        KeepRule.OLDEST: translate("Facts", "oldest file"),
        KeepRule.NEWEST: translate("Facts", "newest file"),
        KeepRule.SHORTEST_PATH: translate("Facts", "shortest path"),
        KeepRule.FIRST_PATH: translate("Facts", "first in the alphabet"),
    }
    rules = list(dict.fromkeys(decided_by))
    known = [reasons[rule] for rule in rules if rule is not None]
    return translate("Facts", ", ", "between reasons").join(known) if len(known) == len(rules) else ""


def go_reason(rule: KeepRule | None) -> str:
    """Return why a photo is proposed to go, compared with the best of its group; for None why it is not."""
    match rule:
        case None:
            return translate("Facts", "no rule tells it from the first")
        case KeepRule.AVAILABLE:
            return translate("Facts", "its folder is not available")
        case KeepRule.FOLDER:
            return translate("Facts", "you prefer the other folder")
        case KeepRule.LIVE_VIDEO:
            return translate("Facts", "without the live video")
        case KeepRule.LARGEST_PICTURE:
            return translate("Facts", "fewer pixels")
        case KeepRule.RAW_FIRST:
            return translate("Facts", "not the RAW file")
        case KeepRule.PICKED:
            return translate("Facts", "not picked, or rejected")
        case KeepRule.RATING:
            return translate("Facts", "fewer stars")
        case KeepRule.METADATA:
            return translate("Facts", "knows less of how it was taken")
        case KeepRule.LARGEST_FILE:
            return translate("Facts", "smaller file")
        case KeepRule.OLDEST:
            return translate("Facts", "newer file")
        case KeepRule.NEWEST:
            return translate("Facts", "older file")
        case KeepRule.SHORTEST_PATH:
            return translate("Facts", "longer path")
        case KeepRule.FIRST_PATH:
            return translate("Facts", "later in the alphabet")


def _best(values: list[int]) -> frozenset[int]:
    best = max(values)
    if all(value == best for value in values):
        return frozenset()
    return frozenset(index for index, value in enumerate(values) if value == best)


def _taken_text(photo: Photo) -> str:
    ms = photo.metadata.captured_at_ms
    return "" if ms is None else short_date_text(ms)


def _or(value: int | None, default: int) -> int:
    return default if value is None else value


# Words and names


def found_by(hit: Hit, photo: Photo, texts: Iterable[str]) -> str:
    """Return which of the searches found a photo, a short sentence; "" when none says so.

    Args:
        hit: What the answer says of the photo.
        photo: Its names, captions and tags, among which the words are looked for.
        texts: The words of the query, as typed.
    """
    reasons: list[str] = []
    if hit.by_words:
        reasons += _places_of_words(photo, texts)
    if hit.by_meaning:
        reasons.append(translate("Facts", "what it shows", "found by"))
    if hit.by_picture:
        reasons.append(translate("Facts", "its likeness", "found by"))
    if not reasons:
        return ""
    separator = translate("Facts", " and by ", "between reasons of a find")
    return translate("Facts", "Found by {reasons}").format(reasons=separator.join(reasons))


def _places_of_words(photo: Photo, texts: Iterable[str]) -> list[str]:
    """Return where words of the query stand in what the file says, at most two places.

    The library's own index folds more than case (accents, word forms); what it found and this does not is named
    in general.
    """
    typed = (word for text in texts for word in text.split() if not word.startswith(("-", "−")))
    words = {word.strip("\"'“”()").casefold() for word in typed} - {""}
    metadata = photo.metadata
    places = (
        (translate("Facts", "its file name", "found by"), display_name(photo.path)),
        (translate("Facts", "its tags", "found by"), " ".join(metadata.keywords)),
        (translate("Facts", "its caption", "found by"), f"{metadata.title or ''} {metadata.caption or ''}"),
        (translate("Facts", "its place", "found by"), " ".join(metadata.place)),
        (translate("Facts", "its folder", "found by"), display_folder(photo.path)),
    )
    found = [name for name, said in places if any(word in said.casefold() for word in words)]
    return found[:2] or [translate("Facts", "its words", "found by")]


def label_text(label: PhotoLabel) -> str:
    """Return a label in the language of the window."""
    return (label.chinese if _is_chinese() else "") or label.name


def label_name(name: str) -> str:
    """Return a label, given by its English name alone, in the language of the window."""
    return _chinese_labels().get(name, name) if _is_chinese() else name


def _is_chinese() -> bool:
    return QLocale().language() is QLocale.Language.Chinese


@lru_cache(maxsize=1)
def _chinese_labels() -> Mapping[str, str]:
    """Return the Chinese names of labels: a translation of the window, as its other texts are (2 ms, once)."""
    with (resource_folder() / "words" / "labels.csv").open(encoding="utf-8", newline="") as file:
        return {row["en"]: row["zh"] for row in csv.DictReader(file)}


def percent_text(share: float) -> str:
    """Return "82 %"; near perfection with a decimal, and never rounded up to it."""
    percent = 100 * share
    decimals = 1 if 99 <= percent < 100 else 0
    if decimals:
        percent = min(percent, 99.9)
    return translate("Facts", "{n} %").format(n=QLocale().toString(percent, "f", decimals))


# Networks


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure of a network.

    Attributes:
        text: The figure, "" where nobody measured it.
        sentence: What it means.
    """

    label: str
    text: str
    sentence: str


def architecture_text(architecture: str) -> str:
    """Return the name of a kind of network with what it is, for a person who never heard of kinds."""
    name = architecture.split(",")[0].strip()
    kind = _kind_of_network(name.casefold())
    return translate("Facts", "{name}, {kind}", "a network").format(name=name, kind=kind) if kind else name


def network_title(facts: ModelFacts) -> str:
    """Return what stands over a network: "Accurate — EfficientNet-Lite2, 260 px"; an added one has only its id."""
    if not facts.name:
        return facts.model_id
    return translate("Facts", "{name} — {architecture}, {n} px", "a network").format(
        name=_called(facts), architecture=_plain_architecture(facts), n=QLocale().toString(facts.input_px)
    )


def network_name(facts: ModelFacts) -> str:
    """Return what a network is called within a sentence: "Accurate (EfficientNet-Lite2)"; or its id."""
    if not facts.name:
        return facts.model_id
    return translate("Facts", "{name} ({architecture})", "a network").format(
        name=_called(facts), architecture=_plain_architecture(facts)
    )


def network_named(models: Sequence[ModelFacts], model_id: str) -> str:
    """Return the same for one of these networks; the id where it is gone meanwhile."""
    return next((network_name(facts) for facts in models if facts.model_id == model_id), model_id)


def network_kind(facts: ModelFacts) -> str:
    """Return what a network is, below its title, which tells the rest."""
    kind = _kind_of_network(_plain_architecture(facts).casefold())
    return kind[:1].upper() + kind[1:] if facts.name and kind else architecture_text(facts.architecture)


def _called(facts: ModelFacts) -> str:
    known = {
        "Accurate": translate("Facts", "Accurate", "a network"),
        "Fast": translate("Facts", "Fast", "a network"),
    }
    return known.get(facts.name, facts.name)


def _plain_architecture(facts: ModelFacts) -> str:
    return facts.architecture.split(",")[0].strip()


def _kind_of_network(name: str) -> str:
    layers = re.search(r"(?:resnet|vgg)[-_ ]?(\d+)", name)
    if layers and "resnet" in name:
        return translate("Facts", "a network of {n} layers with short cuts").format(n=layers[1])
    if "efficientnet" in name:
        return translate("Facts", "a compact network made for phones")
    if layers:
        return translate("Facts", "a plain network of {n} layers, large and from 2014").format(n=layers[1])
    if "inception" in name:
        return translate("Facts", "a network that looks at several sizes at once, from 2015")
    if "clip" in name:
        return translate("Facts", "a pair of networks that learned from pictures with captions")
    if "vit" in name or "transformer" in name:
        return translate("Facts", "a transformer, which compares patches of the photo")
    return ""


def accuracy_measures(measured: Mapping[str, float]) -> list[Measure]:
    """Return how well a network finds, by the figures of its manifest; always the same four, in one order."""
    known = (
        (
            "class_map",
            translate("Facts", "Same kind"),
            translate("Facts", "How far photos of the same kind come before all others (mean average precision)."),
        ),
        (
            "near_recall",
            translate("Facts", "Edited copies"),
            translate("Facts", "How often the original comes first when an edited copy of it is looked for."),
        ),
        (
            "words_r10",
            translate("Facts", "Words"),
            translate("Facts", "How often the photo that words describe is among the first ten."),
        ),
        (
            "label_top5",
            translate("Facts", "Names"),
            translate("Facts", "How often a right name is among the five that fit a photo best."),
        ),
    )
    return [
        Measure(label, percent_text(measured[key]) if key in measured else "", sentence)
        for key, label, sentence in known
    ]


def milliseconds_text(milliseconds: float) -> str:
    """Return "3.6 ms", without the decimal from 10 on."""
    number = QLocale().toString(milliseconds, "f", 1 if milliseconds < 9.95 else 0)
    return translate("Facts", "{n} ms").format(n=number)


def rate_text(per_second: float) -> str:
    """Return a number of photos a second, with a decimal below 10."""
    return QLocale().toString(per_second, "f", 1 if per_second < 9.95 else 0)


# Likeness


def likeness_text(hit: Hit) -> str:
    """Return how sure a hit is, for its badge: the chance of the same scene, else of the picture, else of words."""
    chance = hit.same_picture if hit.same_scene is None else hit.same_scene
    chance = hit.shows if chance is None else chance
    return percent_text(chance) if chance is not None else QLocale().toString(hit.score, "f", 2)


def likeness_lines(hit: Hit) -> list[str]:
    """Return what is known of the likeness of a hit, for its tooltip; the cosine last, for those who ask for it."""
    lines = [kind_text(hit.kind)] if hit.kind is not MatchKind.SIMILAR else []
    lines += chance_lines(hit.same_picture, hit.same_scene)
    cosine = QLocale().toString(hit.score, "f", 3)
    return [*lines, translate("Facts", "Score {score}").format(score=cosine)]


_WORTH_SAYING = 0.05


def chance_lines(same_picture: float | None, same_scene: float | None) -> list[str]:
    """Return the two chances as sentences, known and worth saying."""
    lines = []
    if same_scene is not None:
        lines.append(
            translate("Facts", "{chance} chance of the same scene").format(chance=percent_text(same_scene))
        )
    if same_picture is not None and (same_picture >= _WORTH_SAYING or same_scene is None):
        lines.append(
            translate("Facts", "{chance} chance of the same picture").format(chance=percent_text(same_picture))
        )
    return lines


def explanation_lines(explanation: Explanation) -> list[str]:
    """Return why a photo answers a query, a short line for each fact."""
    # Equal bytes and other evidence stand as facts; a chance of 100 % beside them says nothing more.
    is_sure = any(fact.kind in (FactKind.SAME_BYTES, FactKind.SAME_PICTURE) for fact in explanation.facts)
    lines = [] if is_sure else chance_lines(explanation.same_picture, explanation.same_scene)
    # Beside a picture that found it, words that it hardly shows are no reason.
    if explanation.shows is not None and (explanation.part is None or explanation.shows >= _WORTH_SAYING):
        lines.append(
            translate("Facts", "{chance} chance that it shows “{words}”").format(
                chance=percent_text(explanation.shows), words=explanation.words
            )
        )
    return [fact_text(fact) for fact in explanation.facts] + lines


def fact_text(fact: MatchFact) -> str:
    """Return one fact of an explanation."""
    match fact.kind:
        case FactKind.TURNED:
            turns = {
                90: translate("Facts", "Turned to the right"),
                180: translate("Facts", "Turned upside down"),
                270: translate("Facts", "Turned to the left"),
            }
            return turns.get(round(fact.number), translate("Facts", "Turned"))
        case FactKind.SIZE:
            return _resolution_text(fact.number)
        case FactKind.SAME_CAMERA:
            return translate("Facts", "Same camera: {name}").format(name=_joined(fact.texts))
        case FactKind.SAME_PLACE if fact.texts:
            return translate("Facts", "Same place: {name}").format(name=_joined(fact.texts))
        case FactKind.SAME_PLACE if fact.number >= _ELSEWHERE_M:
            metres = QLocale().toString(round(fact.number, -1 if fact.number >= 100 else 0), "f", 0)
            return translate("Facts", "Taken {n} m away").format(n=metres)
        case FactKind.SAME_LABELS:
            names = [label_name(name) for name in fact.texts]
            return translate("Facts", "Both show: {names}").format(names=_joined(names))
        case _:
            return _plain_facts()[fact.kind]


_ELSEWHERE_M = 25
"""Nearer than this two positions are one place: no receiver tells more."""


def _plain_facts() -> Mapping[FactKind, str]:
    return {
        FactKind.SAME_BYTES: translate("Facts", "The same file, byte for byte"),
        FactKind.SAME_PICTURE: translate("Facts", "The same picture"),
        FactKind.BURST: translate("Facts", "Another shot of the same moment"),
        FactKind.MIRRORED: translate("Facts", "Mirrored"),
        FactKind.OTHER_SHAPE: translate("Facts", "Another shape: cropped, or with a border"),
        FactKind.GREY: translate("Facts", "In black and white"),
        FactKind.COLOURED: translate("Facts", "In colour; the other is black and white"),
        FactKind.SAME_SECOND: translate("Facts", "Taken in the same second"),
        FactKind.SAME_MINUTE: translate("Facts", "Taken in the same minute"),
        FactKind.SAME_DAY: translate("Facts", "Taken on the same day"),
        FactKind.SAME_FOLDER: translate("Facts", "In the same folder"),
        FactKind.SAME_PLACE: translate("Facts", "Taken at the same place"),
    }


def _resolution_text(share: float) -> str:
    """Return how the sides compare, with a word for a half and for twice."""
    if 0.48 <= share <= 0.52:
        return translate("Facts", "Half the resolution")
    if 1.96 <= share <= 2.04:
        return translate("Facts", "Twice the resolution")
    if share < 1.1:  # "1.0 times" would say that nothing differs
        return translate("Facts", "{share} of the resolution").format(share=percent_text(share))
    number = QLocale().toString(share, "f", 1)
    return translate("Facts", "{n} times the resolution").format(n=number)


def _joined(texts: Iterable[str]) -> str:
    return translate("Facts", ", ", "between names").join(texts)
