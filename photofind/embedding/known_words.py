"""Which words of an English text mean anything to a sentence encoder: "asdf qwerty" shows on no photo.

Called on the query thread. An encoder has a vector for whatever is typed: nonsense falls into pieces, the pieces
have meanings, and some photos lie near them. So words that nobody says are left out, and named in the answer.

A word is known that stands in the bundled encoder's list of pieces or in the English of our own lists, that is
made of two such words, or that looks like English letter by letter: typing errors, brands and places are in no
list and mean something to the encoder all the same. Looks are judged by the chance of each letter after the two
before it, counted in the words of those lists. Measured on 372 everyday words, among them 60 brands, places and
typing errors: 2 are called unknown (dubrovnik, birtday); of 400 words held back from the lists 1 %; of 1,000
random strings of 4 to 10 letters 95 % are called unknown, and so are asdf, qwerty and xyzzy. Reading and counting
takes 60 ms, once; a word some microseconds.

The alternatives that lost: a dictionary of English, megabytes that know neither brands nor typing errors; and the
number of pieces that a word falls into, which is the same for hasselblad and qwerty. A word in another writing than
Latin is unknown: the encoder has learned its letters, not its words.
"""

import re
import unicodedata
from functools import cache

import numpy as np
from numpy.typing import NDArray

from photofind.embedding import vocabulary
from photofind.embedding.model_store import bundled_folder
from photofind.embedding.text_encoder import ENCODERS_FOLDER
from photofind.embedding.vocabulary import Translation
from photofind.errors import ModelError

LEAST_LIKELY = -5.5
"""Least mean logarithm (base 2) of a letter's chance in a word that looks like English. English words lie about -3,
hasselblad at -4.1, random letters about -9; qwerty and xyzzy, which are near misses, at -5.6 and below."""
ADDED = 0.5
"""Weight of the shorter context where letters are counted, in letters seen. The smaller, the more a letter that
never stood there counts; at 4 a threshold above qwerty calls twice as many words unknown."""
SHORT = 3
"""Words up to so many letters are known: bbq, usb, pdf and a thousand more abbreviations look like nothing."""

_WORD = re.compile(r"[^\W_]+")
_SAYS_NOTHING = frozenset(
    ("a", "an", "the", "of", "in", "on", "at", "to", "by", "with", "and", "or", "my", "our", "is", "are",
     "photo", "photos", "picture", "pictures", "image", "images")
)  # fmt: skip
_EMPTY = re.compile(r"""\"\s*\"|\(\s*\)|\[\s*\]|(?<!\S)[-"'’]+(?!\S)""")


def only_known(text: str) -> Translation:
    """Return an English text without its unknown words, and those words as typed, each once.

    Where nothing is left but articles and the like, or "a photo of", the text is empty.

    Raises:
        ModelError: A list is missing or damaged.
    """
    unknown: dict[str, None] = {}

    def kept(word: re.Match[str]) -> str:
        if is_known(word.group()):
            return word.group()
        unknown[word.group()] = None
        return ""

    left = _WORD.sub(kept, text)
    if not unknown:
        return Translation(text)
    left = " ".join(_EMPTY.sub(" ", left).split())
    has_word = any(word not in _SAYS_NOTHING for word in _WORD.findall(left.casefold()))
    return Translation(left if has_word else "", tuple(unknown))


def is_known(word: str) -> bool:
    """Tell whether a word without spaces and marks may mean something; what has a digit in it may."""
    plain = "".join(
        part for part in unicodedata.normalize("NFD", word.casefold()) if unicodedata.category(part) != "Mn"
    )
    if len(plain) <= SHORT and plain.isascii():
        return True
    if not plain.isascii():
        # ø, ł and æ are letters of words that look like English otherwise.
        return all("LATIN" in unicodedata.name(letter, "") or letter.isdecimal() for letter in plain)
    if not plain.isalpha():
        return True
    known, chances = _english()
    if plain in known or plain.removesuffix("s") in known:
        return True
    if any(plain[:at] in known and plain[at:] in known for at in range(SHORT, len(plain) - SHORT + 1)):
        return True
    codes = [0, *(ord(letter) - 96 for letter in plain), 0]
    likely = np.mean([chances[three] for three in zip(codes, codes[1:], codes[2:], strict=False)])
    return bool(likely >= LEAST_LIKELY)


@cache
def _english() -> tuple[frozenset[str], NDArray[np.float64]]:
    """Return the words of our lists, and the logarithms of letters' chances, [27, 27, 27]; 0 is a word's edge."""
    known = frozenset(word for word in (*_pieces(), *_own()) if word.isascii() and word.isalpha())
    text = " ".join(["", *sorted(word for word in known if len(word) > 2), ""])
    codes = np.frombuffer(text.encode(), np.uint8).astype(np.int64)
    codes = np.where(codes == ord(" "), 0, codes - 96)
    threes = np.bincount(codes[:-2] * 729 + codes[1:-1] * 27 + codes[2:], minlength=27**3).reshape(27, 27, 27)
    twos = np.bincount(codes[:-1] * 27 + codes[1:], minlength=27**2).reshape(27, 27)
    ones = np.bincount(codes, minlength=27) / len(codes)
    after_one = (twos + ADDED * ones) / (twos.sum(axis=1, keepdims=True) + ADDED)
    after_two = (threes + ADDED * after_one) / (threes.sum(axis=2, keepdims=True) + ADDED)
    return known, np.log2(after_two)


def _pieces() -> list[str]:
    """Return the whole words among the word pieces of the bundled encoder."""
    try:
        path = min((bundled_folder() / ENCODERS_FOLDER).glob("*/vocab.txt"))
        return [piece for piece in path.read_text(encoding="utf-8").split("\n") if not piece.startswith("##")]
    except (OSError, ValueError) as error:
        raise ModelError("The list of word pieces is missing; please install PhotoFind again.") from error


def _own() -> list[str]:
    """Return the English of our own lists, in lower case."""
    return [word for text in vocabulary.english() for word in re.findall("[a-z]+", text.casefold())]
