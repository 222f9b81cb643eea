"""From words to vectors: a small sentence encoder in an onnxruntime session, with its tokenizer, offline.

Made and used on the query thread and the indexer's; `encode` may be called from any thread at once. onnxruntime is
imported when an encoder is made, not with this module.

The bundled encoder is all-MiniLM-L6-v2, whose WordPiece tokenizer is written out here: eighty lines of Python that
answer in a fraction of a millisecond and need no package. The alternative that lost is the package `tokenizers` for
everybody, 10 MB of native code for one query at a time; it is asked for only where somebody adds a pair of networks
(CLIP-like) whose text side comes with a tokenizer.json.

An encoder lies in a folder of its own, with a manifest.json of kind "text-encoder" that names its files and their
sha256, or, where it came as one half of a pair, in the folder of its image network, whose manifest names both.
"""

import dataclasses
import io
import re
import threading
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from photofind.embedding import manifest as manifests
from photofind.embedding import vocabulary
from photofind.embedding.image_embedder import read_verified
from photofind.embedding.manifest import MANIFEST_NAME, Manifest, ModelFile, TextSpace
from photofind.embedding.model_store import bundled_folder
from photofind.errors import ModelError

ENCODERS_FOLDER = "text-encoders"
"""Beside the bundled networks. It has no manifest.json directly inside, so the model store passes it over."""
KIND = "text-encoder"
MANIFEST_VERSION = 1

RUN_LIMIT = 16
"""Texts in one run; queries come singly, only labels come by the thousand."""
TEXT_LIMIT_CHARS = 5_000
"""What is read of a text. 126 English words are some 700 characters; the rest of a pasted megabyte is not read."""
LABEL_SENTENCES = ("{}", "there is a {} in the picture", "a close up of a {}")
"""What is encoded for a label: the mean of these, with the name put in; "an" for "a" changes nothing. Of 8,356
photos of 114 classes the share whose first of 1,567 labels is right (one of five), by a ridge regression from
EfficientNet-Lite0's features to captions, labels centred as `labels_vectors` does it: these .146 (.278), the name
alone .137 (.270), "a photo of a {}" .142 (.273), both .147 (.277). Centred as captions are: these .134 (.270), the
name alone .094 (.249), "a photo of a {}" .115 (.264), both .121 (.266)."""

_ARTICLE = re.compile(r"^\s*(?:an?|the)\s+", re.IGNORECASE)

MAX_TOKENS = 128
"""Longest text in word pieces: what MiniLM was trained with."""
WORD_LIMIT_CHARS = 100
"""A longer word is [UNK], as in the tokenizer that the network was trained with."""
PAIR_CONTEXT_TOKENS = 64
"""Length of a text where neither network nor tokenizer of a pair says it: SigLIP's, and CLIP's 77 holds it."""

_VOCABULARY_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.txt")
_LABELS_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.npy")
_INTEGERS = {"tensor(int64)": np.int64, "tensor(int32)": np.int32}
_PAD_TOKENS = ("<|endoftext|>", "[PAD]", "</s>", "<pad>")
"""What CLIP, BERT, SigLIP and the others fill up with, where a pair's tokenizer.json does not say it."""
_OUTPUTS = ("text", "text_embeds", "text_embedding", "sentence_embedding", "embedding")


class TextEncoder:
    """One text encoder, ready to run.

    Args:
        folder: Holds manifest.json and the files it names: that of a text encoder, or of an image network that came
            with its text encoder as a pair.
        threads: Intra-op threads.

    Attributes:
        encoder_id: What `TextSpace.encoder` calls it.
        dimension: Length of its vectors.

    Raises:
        ModelError: A file is missing, altered, of a newer version or no text encoder; or a package is not there.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        found = _load(folder)
        self.encoder_id = found.encoder_id
        self.dimension = found.dimension
        self._found = found
        tokens = read_verified(folder / found.tokenizer.name, found.tokenizer)
        self._ort = _open(read_verified(folder / found.network.name, found.network), found.network.name, threads)
        self._form = _form(self._ort, found)
        self._tokenizer, self._context, self._pad_id = _tokenizer(tokens, found, self._form)
        self._lock = threading.Lock()
        self._labels: NDArray[np.float32] | None = None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return the vectors of some texts: float32 [n, dimension], rows of length 1, read-only; n may be 0.

        Raises:
            ModelError: The network failed.
        """
        rows = [self._tokenizer.ids(text[:TEXT_LIMIT_CHARS]) for text in texts]
        vectors = np.empty((len(rows), self.dimension), dtype=np.float32)
        at_once = self._form.batch or RUN_LIMIT
        # By length, so that a short text is not computed at the length of a long one beside it.
        order = sorted(range(len(rows)), key=lambda place: len(rows[place]))
        for start in range(0, len(order), at_once):
            places = order[start : start + at_once]
            vectors[places] = self._run([rows[place] for place in places])
        vectors.flags.writeable = False
        return vectors

    def label_vectors(self) -> NDArray[np.float32]:
        """Return the vectors of `vocabulary.labels()` in their order: float32 [n, dimension], unit, read-only.

        Read from the file beside the encoder where it was made from this very list; else computed at the first
        call, which takes some ten seconds, and kept in memory.

        Raises:
            ModelError: The file is altered, or the network failed.
        """
        with self._lock:
            if self._labels is None:
                stored = self._stored_labels()
                self._labels = self.encode_labels() if stored is None else stored
            return self._labels

    def encode_labels(self, sentences: Sequence[str] = LABEL_SENTENCES) -> NDArray[np.float32]:
        """Compute the vectors of all labels, from these sentences with "{}" for the name; see `label_vectors`."""
        names = [label.name for label in vocabulary.labels()]
        total = np.zeros((len(names), self.dimension), dtype=np.float32)
        for sentence in sentences:
            total += self.encode([sentence.format(name) for name in names])
        return _unit_rows(total)

    def _stored_labels(self) -> NDArray[np.float32] | None:
        file = self._found.labels
        if file is None or self._found.labels_names_sha256 != vocabulary.labels_sha256():
            return None
        path = self._found.folder / file.name
        data = read_verified(path, file)
        try:
            stored = np.load(io.BytesIO(data), allow_pickle=False)
        except (ValueError, EOFError) as error:
            raise ModelError(f"{path} is not an array; please install PhotoFind again.") from error
        if stored.shape != (len(vocabulary.labels()), self.dimension) or stored.dtype != np.float16:
            raise ModelError(f"{path} does not fit the list of labels; please install PhotoFind again.")
        return _unit_rows(stored.astype(np.float32))

    def _run(self, rows: list[list[int]]) -> NDArray[np.float32]:
        count, form = len(rows), self._form
        if form.batch is not None:
            rows = rows + [rows[-1]] * (form.batch - count)
        length = self._context or max(map(len, rows))
        ids = np.full((len(rows), length), self._pad_id, dtype=form.ids_type)
        mask = np.zeros((len(rows), length), dtype=form.mask_type)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            mask[place, : len(row)] = 1
        feed = {form.ids: ids} | ({form.mask: mask} if form.mask else {})
        try:
            (vectors,) = self._ort.run([form.output], feed)
        except Exception as error:  # onnxruntime raises a dozen kinds, plain RuntimeError among them
            raise ModelError(f"The text encoder {self.encoder_id} failed: {_first_line(error)}") from error
        if vectors.shape != (len(rows), self.dimension):
            raise ModelError(
                f"The text encoder {self.encoder_id} gives {list(vectors.shape)} for {len(rows)} texts; it should "
                f"give {self.dimension} values for each."
            )
        return _unit_rows(np.asarray(vectors[:count], dtype=np.float32))


def words_vector(encoder: TextEncoder, space: TextSpace, text: str) -> NDArray[np.float32]:
    """Return the vector of words among the pictures of one network: float32 [dimension], centred, of length 1."""
    vector: NDArray[np.float32] = centred(encode_typed(encoder, space, [text]), space)[0]
    return vector


def encode_typed(encoder: TextEncoder, space: TextSpace, texts: Sequence[str]) -> NDArray[np.float32]:
    """Return encoder vectors of words as somebody types them: float32 [n, dimension], not yet centred.

    In a centred space they are encoded as labels are (`LABEL_SENTENCES`), without their first article: "dog" alone
    is as little a sentence as a label is, and should find what "a dog" finds. Measured on photos that training
    never saw, as mean average precision of searches by 171 names (Accurate, Fast): .481 and .416 instead of .450
    and .392, of their plurals .475 and .403 instead of .439 and .371. Whole sentences are found as before: 805
    captions with R@1 .365 and .340 instead of .363 and .350, R@10 .822 and .788 instead of .821 and .794. A pair
    from outside is asked as typed: nobody measured otherwise.
    """
    if space.centre is None:
        return encoder.encode(texts)
    names = [_ARTICLE.sub("", text) for text in texts]
    encoded = encoder.encode([sentence.format(name) for sentence in LABEL_SENTENCES for name in names])
    mean: NDArray[np.float32] = encoded.reshape(len(LABEL_SENTENCES), len(texts), -1).mean(axis=0)
    return mean


def labels_vectors(encoder: TextEncoder, space: TextSpace) -> NDArray[np.float32]:
    """Return the vectors of all labels among the pictures of one network: float32 [n, dimension], of length 1.

    In a centred space labels are centred by their own mean, not by what texts have in common: one name is no
    sentence, and what all names share would be taken for likeness. Measured: the first label is right for .146 of
    the photos instead of .134 (see `LABEL_SENTENCES`).
    """
    vectors = encoder.label_vectors()
    own = None if space.centre is None else vectors.mean(axis=0)
    return centred(vectors, dataclasses.replace(space, centre=own))


def centred(vectors: NDArray[np.float32], space: TextSpace) -> NDArray[np.float32]:
    """Return encoder vectors of words, float32 [n, dimension], as the space wants them: centred, of length 1.

    Raises:
        ModelError: The encoder's vectors are not of the space's length.
    """
    if vectors.shape[1] != space.dimension:
        raise ModelError(
            f"The text encoder {space.encoder} gives {vectors.shape[1]} values, but the network was made for "
            f"{space.dimension}; please install PhotoFind again."
        )
    return _unit_rows(vectors if space.centre is None else vectors - space.centre)


def encoder_folder(manifest: Manifest) -> Path:
    """Return the folder of the text encoder that an image network's words belong to.

    Raises:
        ModelError: The network knows no words.
    """
    space = manifest.text
    if space is None:
        raise ModelError(f"The network {manifest.model_id} knows no words; choose one that does.")
    if space.encoder == manifest.model_id:
        return manifest.folder
    return bundled_folder() / ENCODERS_FOLDER / space.encoder


# --- the tokenizers


class _Tokenizer(Protocol):
    def ids(self, text: str) -> list[int]: ...


def _tokenizer(data: bytes, found: "_Description", form: "_Form") -> tuple[_Tokenizer, int | None, int]:
    """Return the tokenizer, the length that each text is filled up to if there is one, and with what."""
    if found.tokenizer_kind == "wordpiece":
        context = form.tokens or found.context
        limit = min(found.max_tokens or MAX_TOKENS, context or MAX_TOKENS)
        return WordPiece(data.decode("utf-8", "replace"), limit), context, found.pad_id or 0
    tokenizer = _JsonTokenizer(data, found.tokenizer.name)
    context = form.tokens or found.context or tokenizer.padded_to
    limit = found.max_tokens or tokenizer.max_tokens or context or PAIR_CONTEXT_TOKENS
    if context is None and form.mask is None:
        context = limit  # nothing tells such a network where a text ends: it learned texts of one length
    tokenizer.limit(min(limit, context or limit))
    return tokenizer, context, tokenizer.pad_id if found.pad_id is None else found.pad_id


class WordPiece:
    """BERT's uncased tokenizer: lower case, no accents, punctuation and Chinese characters alone, longest pieces.

    Follows the reference (BertNormalizer, BertPreTokenizer and WordPiece of the package tokenizers), but for text
    that spells a special token: "[SEP]" typed into a search box is a bracket, three letters and a bracket.

    Args:
        vocabulary: One piece a line; the line's number is the id. Pieces that continue a word begin with "##".
        max_tokens: Longest result, [CLS] and [SEP] included.

    Raises:
        ModelError: [UNK], [CLS] or [SEP] is not among the pieces.
    """

    def __init__(self, vocabulary: str, max_tokens: int = MAX_TOKENS) -> None:
        # Not splitlines(): some pieces are characters that it takes for the end of a line.
        self._pieces = {
            piece.rstrip("\r"): place for place, piece in enumerate(vocabulary.rstrip("\n").split("\n"))
        }
        self._max_tokens = max_tokens
        self._longest = max(map(len, self._pieces))
        try:
            self._unknown, self._begin, self._end = (self._pieces[name] for name in ("[UNK]", "[CLS]", "[SEP]"))
        except KeyError as error:
            raise ModelError(f"The list of word pieces lacks {error.args[0]}; please install it again.") from error

    def ids(self, text: str) -> list[int]:
        """Return the ids of a text, from 2 to `max_tokens` of them, [CLS] first and [SEP] last."""
        room = self._max_tokens - 2
        found: list[int] = []
        for word in _words(text):
            found += self._split(word)
            if len(found) >= room:
                break
        return [self._begin, *found[:room], self._end]

    def _split(self, word: str) -> list[int]:
        """Return the longest pieces from left to right, or [UNK] where one cannot go on."""
        if len(word) > WORD_LIMIT_CHARS:
            return [self._unknown]
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(min(len(word), start + self._longest), start, -1):
                piece = self._pieces.get(prefix + word[start:end])
                if piece is not None:
                    break
            else:
                return [self._unknown]
            found.append(piece)
            start = end
        return found


def _words(text: str) -> Iterator[str]:
    """Yield the words, single punctuation marks and single Chinese characters of a text, in lower case."""
    word = ""
    for character in text:
        for folded in _folded(character):
            if folded != " " and not _stands_alone(folded):
                word += folded
                continue
            if word:
                yield word
            if folded != " ":
                yield folded
            word = ""
    if word:
        yield word


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    """Return a character in lower case and without its accent: nothing, one character or several.

    By single characters, as the reference does it: a whole word's lower case has another final sigma.
    """
    if character in "\t\n\r":
        return " "
    if character in "\0\ufffd" or unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs"):
        return ""
    if character.isspace():
        return " "
    bare = "".join(part for part in unicodedata.normalize("NFD", character) if unicodedata.category(part) != "Mn")
    return bare.lower()


@lru_cache(maxsize=4096)
def _stands_alone(character: str) -> bool:
    code = ord(character)
    if code < 128:
        return not character.isalnum() and code > 32
    return unicodedata.category(character).startswith("P") or any(
        low <= code <= high for low, high in _CHINESE_BLOCKS
    )


_CHINESE_BLOCKS = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B920, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)
"""The reference's blocks; Japanese kana and Korean syllables are words of their own."""


class _JsonTokenizer:
    """A tokenizer.json, read by the optional package tokenizers.

    Attributes:
        padded_to: The length that the file fills texts up to, or None.
        max_tokens: The length that the file cuts texts to, or None.
        pad_id: What to fill up with.
    """

    def __init__(self, data: bytes, name: str) -> None:
        try:
            import tokenizers
        except ImportError as error:
            raise ModelError(
                f"Reading {name} needs the package tokenizers; install it with: pip install tokenizers"
            ) from error
        try:
            self._tokenizer: Any = tokenizers.Tokenizer.from_str(data.decode("utf-8"))
        except Exception as error:  # the package raises plain Exception
            raise ModelError(f"{name} is not a tokenizer: {_first_line(error)}") from error
        padding, truncation = self._tokenizer.padding or {}, self._tokenizer.truncation or {}
        self.padded_to: int | None = padding.get("length")
        self.max_tokens: int | None = truncation.get("max_length")
        self.pad_id: int = padding.get("pad_id", self._usual_pad_id())
        self._tokenizer.no_padding()

    def limit(self, max_tokens: int) -> None:
        """Cut texts to so many tokens from now on, begin and end included."""
        self._tokenizer.enable_truncation(max_tokens)

    def ids(self, text: str) -> list[int]:
        # Half a surrogate pair, from a file name that is no text, is an error to the package.
        return list(self._tokenizer.encode(text.encode("utf-8", "replace").decode("utf-8")).ids)

    def _usual_pad_id(self) -> int:
        known = (self._tokenizer.token_to_id(token) for token in _PAD_TOKENS)
        return next((found for found in known if found is not None), 0)


# --- the manifest


@dataclass(frozen=True, slots=True)
class _Description:
    """What a manifest says of a text encoder; None is what it leaves to the network and its tokenizer.

    Attributes:
        max_tokens: Longest text, begin and end included.
        context: Length that every text is filled up to; None fills up to the longest of a run.
        pad_id: What it is filled up with.
        ids: Input of the token ids.
        mask: Input of the attention mask.
        output: Output of the vectors.
        labels: The vectors of all labels.
        labels_names_sha256: Of the list that they were made from.
    """

    folder: Path
    encoder_id: str
    dimension: int
    network: ModelFile
    tokenizer: ModelFile
    tokenizer_kind: str
    max_tokens: int | None = None
    context: int | None = None
    pad_id: int | None = None
    ids: str | None = None
    mask: str | None = None
    output: str | None = None
    labels: ModelFile | None = None
    labels_names_sha256: str | None = None


def _load(folder: Path) -> _Description:
    path = folder / MANIFEST_NAME
    document = manifests.read_document(path)
    fields = manifests.Fields(path, document)
    if "text_files" in fields and "kind" not in fields:
        return _half_of_a_pair(manifests.load(folder))
    if document.get("kind") != KIND:
        raise ModelError(f"{path} does not describe a text encoder.")
    if fields.integer("manifest_version", 1, 1_000_000) > MANIFEST_VERSION:
        raise ModelError(f"{path} was made for a newer PhotoFind; please update.")
    network, tokenizer, inputs = fields.section("network"), fields.section("tokenizer"), fields.section("inputs")
    kind = tokenizer.choice("kind", ("wordpiece", "tokenizer.json"))
    labels = fields.optional_section("labels")
    context = tokenizer.integer("padded_to", 2, 4096) if "padded_to" in tokenizer else None
    max_tokens = tokenizer.integer("max_tokens", 3, 4096)
    if context is not None and context < max_tokens:
        raise tokenizer.complain("padded_to", f"at least max_tokens, which is {max_tokens}")
    return _Description(
        folder=folder,
        encoder_id=fields.matching("id", manifests.MODEL_ID),
        dimension=fields.integer("dimension", 8, 4096),
        network=manifests.model_file(network, manifests.ONNX_NAME),
        tokenizer=manifests.model_file(
            tokenizer, _VOCABULARY_NAME if kind == "wordpiece" else manifests.TOKENIZER_NAME
        ),
        tokenizer_kind=kind,
        max_tokens=max_tokens,
        context=context,
        pad_id=tokenizer.integer("pad_id", 0, 10_000_000),
        ids=inputs.text("ids", 200),
        mask=inputs.optional_text("mask", 200),
        output=fields.text("output", 200),
        labels=None if labels is None else manifests.model_file(labels, _LABELS_NAME),
        labels_names_sha256=None if labels is None else labels.matching("names_sha256", manifests.SHA256),
    )


def _half_of_a_pair(manifest: Manifest) -> _Description:
    """Return what an image network's manifest says of the text encoder that came with it: little but its files."""
    if manifest.text is None or not manifest.text_files:
        raise ModelError(f"{manifest.folder / MANIFEST_NAME} does not describe a text encoder.")
    return _Description(
        folder=manifest.folder,
        encoder_id=manifest.model_id,
        dimension=manifest.text.dimension,
        network=manifest.text_files["text"],
        tokenizer=manifest.text_files["tokenizer"],
        tokenizer_kind="tokenizer.json",
    )


# --- the session


@dataclass(frozen=True, slots=True)
class _Form:
    """How the network takes its texts.

    Attributes:
        batch: A number of texts that is fixed in the graph, or None.
        tokens: A length of texts that is fixed in the graph, or None.
    """

    ids: str
    ids_type: Any
    mask: str | None
    mask_type: Any
    output: str
    batch: int | None
    tokens: int | None


def _open(data: bytes, name: str, threads: int) -> Any:
    import onnxruntime

    onnxruntime.set_default_logger_severity(4)  # its log goes to stderr, past ours
    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.execution_mode = onnxruntime.ExecutionMode.ORT_SEQUENTIAL
    # As in image_embedder: a spinning pool makes a busy machine several times slower.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    options.add_session_config_entry("session.inter_op.allow_spinning", "0")
    options.log_severity_level = 4
    try:
        # From the bytes that were verified, never from the path: the file may change in between. Always on the CPU:
        # it has done one query before a GPU has got its tokens.
        return onnxruntime.InferenceSession(data, sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises a dozen kinds
        raise ModelError(f"{name} is not a network that onnxruntime can load: {_first_line(error)}") from error


def _form(ort: Any, found: _Description) -> _Form:
    """Return how the network takes its texts; what the manifest leaves open, the network's own names tell.

    Raises:
        ModelError: It takes or gives something else than token ids, a mask and one vector a text.
    """
    name = found.network.name
    inputs = {entry.name: entry for entry in ort.get_inputs()}
    outputs = {entry.name: entry for entry in ort.get_outputs()}
    mask = found.mask or next((entry for entry in inputs if "mask" in entry), None)
    ids = found.ids or next((entry for entry in inputs if entry != mask), None)
    named = {entry for entry in (ids, mask) if entry}
    if ids is None or named != set(inputs):
        raise ModelError(
            f"{name} should take token ids and at most an attention mask, not {', '.join(inputs) or 'nothing'}."
        )
    for entry in named:
        if inputs[entry].type not in _INTEGERS or len(inputs[entry].shape) != 2:
            raise ModelError(f"{name} should take whole numbers [n, tokens] as {entry}, not {inputs[entry].type}.")
    vectors = [entry.name for entry in outputs.values() if _may_give(entry, found.dimension)]
    output = found.output or min(vectors, key=_rank, default=None)
    if output is None or output not in vectors:
        raise ModelError(f"{name} should give float [n, {found.dimension}], one vector for each text.")
    batch, tokens = (side if isinstance(side, int) else None for side in inputs[ids].shape)
    return _Form(
        ids=ids,
        ids_type=_INTEGERS[inputs[ids].type],
        mask=mask,
        mask_type=_INTEGERS[inputs[mask].type] if mask else np.int64,
        output=output,
        batch=batch,
        tokens=tokens,
    )


def _may_give(entry: Any, dimension: int) -> bool:
    is_vector = entry.type in ("tensor(float)", "tensor(float16)") and len(entry.shape) == 2
    return is_vector and (not isinstance(entry.shape[1], int) or entry.shape[1] == dimension)


def _rank(output: str) -> int:
    return _OUTPUTS.index(output) if output in _OUTPUTS else len(_OUTPUTS)


def _unit_rows(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the rows at length 1, read-only; a row that has no direction is an error."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    # Written so that NaN fails.
    if not ((lengths > 1e-6) & (lengths < np.inf)).all():
        raise ModelError("The text encoder gives a vector without a direction; please install it again.")
    unit: NDArray[np.float32] = (vectors / lengths).astype(np.float32, copy=False)
    unit.flags.writeable = False
    return unit


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:300]
