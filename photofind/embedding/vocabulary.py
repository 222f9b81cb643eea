"""Everyday words: the names that a photo can be given, and English for what somebody types in Chinese.

Pure functions over two bundled lists, loaded at the first call (some 10 ms) and then only read, so any thread may
call. The text encoder knows English alone; the alternatives that lost are a multilingual encoder, five times the
size of all that PhotoFind ships, and a translating network, larger still, both slower than a list.

Chinese has no spaces, so a sentence is first cut into words. The cut is the one of all possible that leaves the
fewest characters uncovered and then has the fewest words, found by dynamic programming. Greedy longest match, the
usual shortcut, takes the first long word even where it leaves a torn one behind: of 研究生命 (to study life) it
makes 研究生 (graduate student) and 命.

Words with Latin letters or digits in them (T恤, 卡拉OK, 3D打印) are looked for first, in any case. Traditional
characters are read as the simplified ones of the list, one by one, as far as the list has them (after ICU's
transliteration "Hant-Hans", Unicode licence): who writes 臺灣 finds 台湾. What is called otherwise in Taiwan
(計程車 for 出租车) stays unknown, unless somebody adds it to the list.
"""

import csv
import hashlib
import itertools
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from photofind.errors import ModelError
from photofind.settings import resource_folder

LABELS_NAME = "labels.csv"
TRANSLATIONS_NAME = "zh-en.csv"
TRADITIONAL_NAME = "traditional.csv"

TEXT_LIMIT_CHARS = 2_000
"""What is translated of a text with Chinese in it: a page, more than the encoder reads. The rest is left out."""

HAN = r"\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_HAN_RUN = re.compile(f"[{HAN}]+")
_LATIN = "A-Za-z0-9"
_PUNCTUATION = str.maketrans("。、《》〈〉「」『』【】〔〕“”‘’…—～·", '.,""""""""[]()""\'\' -- ')
"""Marks that NFKC does not turn into ASCII ones; it does ，！？：；（） and full-width letters and digits."""

_EMPTY = re.compile(r"""\"\s*\"|'\s*'|\(\s*\)|\[\s*\]|(?<!\S)[-"']+(?!\S)""")
"""What is left of quotes, brackets and a minus when the only word in them is unknown."""

PARTICLES = frozenset("的了着著过地得之吗呢吧啊呀嘛哦啦们个是有在我")
"""Words that say nothing of what a picture shows; they vanish where the list does not translate them."""

_COUNTS = {
    "一": "a", "二": "two", "两": "two", "三": "three", "四": "four", "五": "five", "六": "six", "七": "seven",
    "八": "eight", "九": "nine", "十": "ten", "几": "several", "这": "", "那": "", "每": "", "某": "",
}  # fmt: skip
_MEASURES = frozenset("个只条张位名匹头辆座棵朵件幅间块片群双对杯碗盘瓶把本架艘台架栋顶根颗串支枝束堆排面艘股滴扇")
"""Between a count and a thing Chinese has a measure word: 两头牛 is two cattle, not two heads cattle."""


@dataclass(frozen=True, slots=True)
class Label:
    """An everyday name for what a photo shows.

    Attributes:
        name: In English, lower case; no two labels have the same.
        chinese: The same in simplified Chinese.
        group: What kind of name it is: thing, animal, plant, food, person, scene ...
    """

    name: str
    chinese: str
    group: str


@dataclass(frozen=True, slots=True)
class Translation:
    """English for a text.

    Attributes:
        text: The text with its Chinese in English.
        unknown: The words that are in no list, in the order of the text, each once; they are left out of `text`.
    """

    text: str
    unknown: tuple[str, ...] = ()


@cache
def labels() -> tuple[Label, ...]:
    """Return every label, in the order of the list.

    Raises:
        ModelError: The list is missing or damaged.
    """
    return read_labels(_folder() / LABELS_NAME)


@cache
def chinese_names() -> Mapping[str, str]:
    """Return the Chinese of every label by its name.

    Raises:
        ModelError: The list is missing or damaged.
    """
    return {label.name: label.chinese for label in labels()}


@cache
def labels_sha256() -> str:
    """Return what changes when a label's vector may change: the SHA-256 of the English names, one a line.

    Not of the file, whose Chinese may be mended and whose line ends may differ without touching a vector.
    """
    return hashlib.sha256("\n".join(label.name for label in labels()).encode()).hexdigest()


def english() -> Iterator[str]:
    """Yield all English of both lists: the names of labels, and what Chinese is translated to.

    Raises:
        ModelError: A list is missing or damaged.
    """
    yield from (label.name for label in labels())
    yield from read_words(_folder() / TRANSLATIONS_NAME).values()


def to_english(text: str, words: Mapping[str, str] | None = None) -> Translation:
    """Return a text with its Chinese put into English, word by word; one without Chinese comes back unchanged.

    What is not Chinese stays as it is (names, digits, quotes, the minus of an excluded word), full-width characters
    as their ordinary ones. What is unknown is told in simplified characters.

    Args:
        text: As somebody typed it.
        words: English by Chinese word; the bundled list where None.

    Raises:
        ModelError: The bundled list is missing or damaged.
    """
    if _HAN_RUN.search(text) is None:
        return Translation(text)
    known = _bundled_words() if words is None else _Words(words)
    unknown: dict[str, None] = {}
    pieces: list[str] = []
    text = unicodedata.normalize("NFKC", text[:TEXT_LIMIT_CHARS]).translate(_PUNCTUATION).translate(_simplified())
    start = 0
    for end, mixed in known.mixed(text):
        for run in _HAN_RUN.finditer(text, start, end):
            pieces.append(text[start : run.start()])
            follows_digit = text[: run.start()].rstrip()[-1:].isdigit()
            english, missing = known.translate(run.group(), follows_digit=follows_digit)
            unknown.update(dict.fromkeys(missing))
            pieces.append(english)
            start = run.end()
        pieces += [text[start:end], known.english(mixed)]
        start = end + len(mixed)
    return Translation(" ".join(_EMPTY.sub(" ", _spaced(pieces)).split()), tuple(unknown))


def read_labels(path: Path) -> tuple[Label, ...]:
    """Read a list of labels: a CSV file with the columns en, zh and group.

    Raises:
        ModelError: The file is missing, or not such a list, or names a thing twice.
    """
    found = tuple(Label(*row) for row in _rows(path, ("en", "zh", "group")))
    if len({label.name for label in found}) < len(found) or not all(label.name for label in found):
        raise ModelError(f"{path} has a name twice or a row without one; please install PhotoFind again.")
    return found


def read_words(path: Path) -> dict[str, str]:
    """Read English by Chinese: a CSV file with the columns zh and en; of two rows for one word the first holds.

    Raises:
        ModelError: The file is missing or not such a list.
    """
    found: dict[str, str] = {}
    for chinese, english in _rows(path, ("zh", "en")):
        if chinese:
            found.setdefault(chinese, english)
    return found


class _Words:
    """A list of words made ready for cutting sentences."""

    def __init__(self, words: Mapping[str, str]) -> None:
        self._english = dict.fromkeys(PARTICLES, "")
        for count, measure in itertools.product(_COUNTS, _MEASURES):
            self._english[count + measure] = _COUNTS[count]
        mixed = {word.casefold(): english for word, english in words.items() if re.search(f"[{_LATIN}]", word)}
        self._english.update(words)
        self._english.update(mixed)
        self._longest = max(map(len, self._english))
        # A letter or digit more on its side makes it part of another word: 23D打印 is no 3D打印.
        longest_first = "|".join(re.escape(word) for word in sorted(mixed, key=len, reverse=True))
        self._mixed = re.compile(
            f"(?:(?<![{_LATIN}])|(?=[^{_LATIN}]))(?:{longest_first})(?:(?![{_LATIN}])|(?<=[^{_LATIN}]))",
            re.IGNORECASE,
        )
        self._has_mixed = bool(mixed)

    def mixed(self, text: str) -> Iterator[tuple[int, str]]:
        """Yield the place of each word of Chinese and Latin characters, and it; the text's end and "" last."""
        if self._has_mixed:
            for word in self._mixed.finditer(text):
                yield word.start(), word.group()
        yield len(text), ""

    def english(self, word: str) -> str:
        """Return English for one word of `mixed`."""
        return self._english.get(word.casefold(), "")

    def translate(self, run: str, *, follows_digit: bool) -> tuple[str, list[str]]:
        """Return English for an unbroken run of Chinese, and what of it is unknown."""
        english: list[str] = []
        unknown: list[str] = []
        was_unknown = False
        for place, word in self._cut(run, follows_digit=follows_digit):
            if place == 0 and follows_digit and word in _MEASURES:
                continue
            found = self._english.get(word)
            if found is not None:
                english.append(found)
            elif was_unknown:
                unknown[-1] += word
            else:
                unknown.append(word)
            was_unknown = found is None
        return " ".join(filter(None, english)), unknown

    def _cut(self, run: str, *, follows_digit: bool) -> Iterable[tuple[int, str]]:
        """Return the words of a run with their places; an unknown character is a word of its own.

        Fewest unknown characters, then fewest words, then those of the most even lengths, then the longer first:
        草地上 (on the lawn) is 草地 and 上, not 草 and 地上.
        """
        # By end of a prefix: cost (unknown characters, words, squared lengths) and where its last word begins.
        best: list[tuple[tuple[int, int, int], int]] = [((0, 0, 0), 0)]
        for end in range(1, len(run) + 1):
            (unknown, words, squares), _ = best[end - 1]
            found = ((unknown + 1, words, squares), end - 1)
            for start in range(end - 1, max(-1, end - self._longest - 1), -1):
                if run[start:end] in self._english or (end == 1 and follows_digit and run[0] in _MEASURES):
                    (unknown, words, squares), _ = best[start]
                    found = min(found, ((unknown, words + 1, squares + (end - start) ** 2), start), key=_cost)
            best.append(found)
        cut = []
        end = len(run)
        while end:
            start = best[end][1]
            cut.append((start, run[start:end]))
            end = start
        return reversed(cut)


def _cost(found: tuple[tuple[int, int, int], int]) -> tuple[int, int, int]:
    return found[0]


@cache
def _bundled_words() -> _Words:
    words = {label.chinese: label.name for label in labels() if label.chinese}
    # The list of translations has the last word: a label's name may be longer than what one would search for.
    return _Words(words | read_words(_folder() / TRANSLATIONS_NAME))


@cache
def _simplified() -> dict[int, str]:
    """Return the simplified character by the traditional one's code."""
    rows = _rows(_folder() / TRADITIONAL_NAME, ("traditional", "simplified"))
    return {ord(traditional): simplified for traditional, simplified in rows}


def _folder() -> Path:
    return resource_folder() / "words"


def _rows(path: Path, columns: tuple[str, ...]) -> list[list[str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = csv.reader(file, strict=True)
            header = next(rows, [])
            places = [header.index(column) for column in columns]
            return [[row[place].strip() for place in places] for row in rows if row]
    except OSError as error:
        raise ModelError(f"{path} cannot be read ({error.strerror}); please install PhotoFind again.") from error
    except (ValueError, IndexError, csv.Error) as error:
        raise ModelError(
            f"{path} is not a list of {', '.join(columns)}; please install PhotoFind again."
        ) from error


def _spaced(pieces: Iterable[str]) -> str:
    """Return the pieces, with a space wherever two words would run together."""
    text = ""
    for piece in pieces:
        if text[-1:].isalnum() and piece[:1].isalnum():
            text += " "
        text += piece
    return text
