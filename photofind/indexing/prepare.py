"""One photo's way from bytes to a `Prepared` value: one read, one decode.

Runs in decoder processes (`decoder_pool`), never in the program itself. The query image of a search takes the very
same way, so that a photo of the library finds itself with score 1. Order matters: the digest comes first, because
for known bytes nothing else is needed.
"""

import os
from collections import OrderedDict
from dataclasses import dataclass

from photofind.errors import PhotoError
from photofind.photo import decode, hashes, metadata, thumbnail
from photofind.records import Failure, FailureKind, FileFacts, Picture, Prepared


@dataclass(frozen=True, slots=True)
class PrepareRequest:
    """What to prepare: the file at `path`, or the encoded picture in `data`.

    Attributes:
        path: The file; only a name when `data` is given.
        input_px: Side of the network's input.
        known_digests: Digests that need no decoding.
        data: An encoded picture that is no file (pasted, dropped from a browser).
        region: Left, top, right, bottom as fractions of the upright picture: hash, thumbnail and pixels show this
            part only. Size and metadata remain those of the whole.
        facts: The file as the scan saw it; a failure gives them back when the process died and could not tell.
    """

    path: bytes
    input_px: int
    known_digests: tuple[bytes, ...] = ()
    data: bytes | None = None
    region: tuple[float, float, float, float] | None = None
    facts: FileFacts | None = None


@dataclass(frozen=True, slots=True)
class RenderRequest:
    """A picture for the viewer: the file at `path` (or `data`), its longer side at most `max_px`.

    Attributes:
        only_as: Size in bytes and mtime_ns that the file must have.
    """

    path: bytes
    max_px: int
    data: bytes | None = None
    facts: FileFacts | None = None
    only_as: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class PartRequest:
    """A part of the picture at `path`, for who looks at it closely.

    Attributes:
        photo_px: Upright width and height of the whole, as the library knows them; `box` counts in its pixels.
        box: Left, top, right, bottom.
        size_px: Width and height of the answer.
    """

    path: bytes
    photo_px: tuple[int, int]
    box: tuple[int, int, int, int]
    size_px: tuple[int, int]
    facts: FileFacts | None = None
    data: None = None


Request = PrepareRequest | RenderRequest | PartRequest

KEPT_WHOLE_BYTES = 512 * 2**20
"""Decoded pictures beside the one in use, for parts: seven of 17 Mpixel, or those of a comparison."""


def prepare(request: PrepareRequest) -> Prepared:
    """Read and decode one photo.

    Raises:
        PhotoError: It cannot be taken in.
    """
    data, facts = _read(request)
    digest = hashes.digest(data)
    if digest in request.known_digests:
        return Prepared(path=request.path, facts=facts, digest=digest, is_known=True)
    decoded = decode.decode(
        data,
        min_side_px=request.input_px,
        min_long_side_px=thumbnail.THUMBNAIL_PX,
        region=request.region,
    )
    turns, quality = hashes.perceptual_hashes(decoded.image)
    return Prepared(
        path=request.path,
        facts=facts,
        digest=digest,
        width_px=decoded.width_px,
        height_px=decoded.height_px,
        format=decoded.format,
        metadata=metadata.read_metadata(data),
        perceptual_hash=b"".join(turns),
        hash_quality=quality,
        mean_rgb=thumbnail.mean_rgb(decoded.image),
        thumbnail=thumbnail.make_thumbnail(decoded.image),
        pixels=thumbnail.network_input(decoded.image, request.input_px),
    )


def render(request: RenderRequest) -> Picture:
    """Return a photo, its longer side at most `max_px`.

    Pixels and not a JPEG: encoding and decoding again would take ten times as long as moving them.

    Raises:
        PhotoError: It cannot be read.
    """
    data, facts = _read(request)
    if request.only_as not in (None, (facts.size_bytes, facts.mtime_ns)):
        raise PhotoError(FailureKind.CHANGING, "The file changed since it was taken in.")
    image = decode.decode(data, min_side_px=1, min_long_side_px=request.max_px).image
    image = thumbnail.fitted(image, request.max_px)
    return Picture(image.width, image.height, image.convert("RGB").tobytes("raw", "RGBX"))


_Key = tuple[bytes, FileFacts | None]
_whole: "OrderedDict[_Key, decode.Whole]" = OrderedDict()
"""Pictures decoded for their parts, the newest last; the process ends with them when nobody looks any more."""


def part(request: PartRequest) -> Picture:
    """Return a part of a picture, which stays decoded for the next one.

    Raises:
        PhotoError: It cannot be read.
    """
    key = (request.path, _facts_before(request.path))
    whole = _whole.get(key)
    if whole is None:
        whole = _open_whole(request)
        _whole[key] = whole
    _whole.move_to_end(key)
    _make_room(whole.size_bytes)
    # The file may have come in another size since it was taken in, or be too large to be decoded at all its pixels.
    across, down = whole.width_px / request.photo_px[0], whole.height_px / request.photo_px[1]
    left, top, right, bottom = request.box
    image = whole.part((left * across, top * down, right * across, bottom * down), request.size_px)
    return Picture(image.width, image.height, image.tobytes("raw", "RGBX"))


def _open_whole(request: PartRequest) -> decode.Whole:
    data, _ = _read(request)
    _make_room(0)
    try:
        return decode.open_whole(data)
    except PhotoError as error:
        if error.kind != FailureKind.OUT_OF_MEMORY or not _whole:
            raise
        _whole.clear()
        return decode.open_whole(data)


def _make_room(in_use_bytes: int) -> None:
    while _whole and sum(each.size_bytes for each in _whole.values()) - in_use_bytes > KEPT_WHOLE_BYTES:
        _whole.popitem(last=False)


def answer(request: Request) -> Prepared | Picture | Failure:
    """Serve one request of the decoder pool; a photo that cannot be read is an answer, not an error."""
    facts = request.facts
    try:
        if request.data is None:
            # Before anything can fail, and before the read: should the file change meanwhile, the failure carries
            # facts that differ from the disk's, and the next scan tries again.
            facts = _facts_before(request.path) or facts
        if isinstance(request, PartRequest):
            return part(request)
        return prepare(request) if isinstance(request, PrepareRequest) else render(request)
    except PhotoError as error:
        return Failure(request.path, FailureKind(error.kind), error.reason, facts)
    except MemoryError:
        return Failure(request.path, FailureKind.OUT_OF_MEMORY, "The picture needs too much memory.", facts)


def _read(request: Request) -> tuple[bytes, FileFacts]:
    if request.data is None:
        return decode.read_file(request.path)
    if not request.data:
        raise PhotoError(FailureKind.EMPTY, "The picture is empty.")
    return request.data, FileFacts(size_bytes=len(request.data), mtime_ns=0, ctime_ns=0, inode=0, device=0)


def _facts_before(path: bytes) -> FileFacts | None:
    try:
        return decode.facts_of(os.lstat(path))
    except OSError:
        return None
