"""Where networks are kept: the bundled folder, and any folder the user adds; one sub-folder with a manifest each.

Any thread may ask; one at a time may add and remove. A broken model folder is a sentence in `problems`, never an
error at start: one bad download must not keep the photos from being shown.

The alternative that lost: a registry file listing the models. It would be a second truth beside the folders. So a
network is there when its folder is, whole: it is put together under a hidden name and renamed when all is well, and
what a kill leaves behind is swept away by the next addition.
"""

import json
import logging
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from photofind.embedding import manifest as manifests
from photofind.embedding.manifest import MANIFEST_NAME, Manifest
from photofind.errors import ModelError, UserError
from photofind.settings import resource_folder

logger = logging.getLogger(__name__)

DEFAULT_NAME = "default.json"
"""`{"default": "<model id>", "names": {"<model id>": "<name>"}}` beside the bundled models: the one place that says
which network answers, and what people call each. Not in the manifests: what is accurate changes with what else
there is."""

_UNFINISHED = ".unfinished-"


def bundled_folder() -> Path:
    """Return the folder of the networks that come with the program."""
    return resource_folder() / "models"


class ModelStore:
    """All networks at hand.

    Args:
        *folders: Looked through in this order; the bundled one when none is given. The first model of an id wins,
            so that an added folder cannot take the place of a bundled network. Networks are added to the last.
    """

    def __init__(self, *folders: Path) -> None:
        self._folders = list(folders or (bundled_folder(),))
        self._manifests: dict[str, Manifest] = {}
        self._default: str | None = None
        self._names: dict[str, str] = {}
        self._problems: tuple[str, ...] = ()
        self.reload()

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on model folders that were passed over."""
        return self._problems

    def reload(self) -> None:
        """Look through the folders again."""
        found: dict[str, Manifest] = {}
        problems: list[str] = []
        default: str | None = None
        names: dict[str, str] = {}
        for folder in self._folders:
            _read_folder(folder, found, problems)
            if default is None and (folder / DEFAULT_NAME).is_file():
                default, names = _read_default(folder / DEFAULT_NAME, found, problems)
        for sentence in problems:
            if sentence not in self._problems:  # said once, however often the folders are read
                logger.warning("%s", sentence)
        # Whole at once: other threads read meanwhile.
        self._manifests, self._default, self._problems = found, default, tuple(problems)
        self._names = names

    def manifests(self) -> list[Manifest]:
        """Return every network, the default one first, then by id."""
        default = self._default
        return sorted(self._manifests.values(), key=lambda found: (found.model_id != default, found.model_id))

    def manifest(self, model_id: str) -> Manifest:
        """Return one network.

        Raises:
            UserError: There is no such network.
        """
        known = self._manifests
        try:
            return known[model_id]
        except KeyError:
            ids = ", ".join(sorted(known)) or "none"
            raise UserError(f"There is no network {model_id!r}; there are: {ids}.") from None

    def default_id(self) -> str:
        """Return the network that answers when nothing else was chosen.

        Raises:
            ModelError: No network is there at all.
        """
        found = self.manifests()
        if not found:
            raise ModelError("PhotoFind's network is missing; please install the program again.")
        return found[0].model_id

    def is_bundled(self, model_id: str) -> bool:
        """Tell whether a network came with the program."""
        return self.manifest(model_id).folder.parent == bundled_folder()

    def name(self, model_id: str) -> str:
        """Return what people call a network that came with the program, in English: "Accurate"; "" for others."""
        return self._names.get(model_id, "")

    # --- adding and removing

    def check_is_free(self, model_id: str) -> None:
        """Raise unless a network may be added under this id.

        Raises:
            UserError: It is no id, or taken.
        """
        if manifests.MODEL_ID.fullmatch(model_id) is None:
            raise UserError(
                f"{model_id!r} cannot be the name of a network: use up to 64 small letters, digits, dots, dashes "
                "and underscores, a letter or digit first."
            )
        if model_id in self._manifests or (self._folders[-1] / model_id).exists():
            raise UserError(
                f"There is a network {model_id!r} already; choose another name with --id, or remove it."
            )

    @contextmanager
    def workplace(self) -> Iterator[Path]:
        """Give an empty folder to put a network together in; what is not `put` is gone afterwards.

        Raises:
            OSError: The folder cannot be made.
        """
        parent = self._folders[-1]
        parent.mkdir(parents=True, exist_ok=True)
        for left in parent.glob(f"{_UNFINISHED}*"):
            shutil.rmtree(left, ignore_errors=True)
        folder = Path(tempfile.mkdtemp(dir=parent, prefix=_UNFINISHED))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def put(self, folder: Path, model_id: str) -> Manifest:
        """Add the network that lies finished in a `workplace`.

        Raises:
            UserError: The id is taken.
            OSError: The folder cannot be renamed.
        """
        self.check_is_free(model_id)
        os.chmod(folder, 0o755)  # noqa: S103  mkdtemp's is closed to others, as no other of the library is
        os.replace(folder, self._folders[-1] / model_id)
        self.reload()
        return self.manifest(model_id)

    def take_out(self, model_id: str) -> None:
        """Remove an added network.

        Raises:
            UserError: There is none of this id, or it came with the program.
            OSError: Its folder cannot be removed.
        """
        folder = self.manifest(model_id).folder
        if self.is_bundled(model_id) or folder.parent != self._folders[-1]:
            raise UserError(f"{model_id!r} came with PhotoFind and stays.")
        # Renamed first: a kill in the middle leaves a folder that nobody takes for a network.
        hidden = Path(tempfile.mkdtemp(dir=folder.parent, prefix=_UNFINISHED)) / folder.name
        os.replace(folder, hidden)
        shutil.rmtree(hidden.parent, ignore_errors=True)
        self.reload()


def _read_folder(folder: Path, found: dict[str, Manifest], problems: list[str]) -> None:
    """Take in every network in a sub-folder of `folder`; a folder that does not exist holds none."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or not (entry / MANIFEST_NAME).is_file():
            continue
        try:
            manifest = manifests.load(entry)
        except ModelError as error:
            problems.append(str(error))
            continue
        known = found.setdefault(manifest.model_id, manifest)
        if known is not manifest:
            problems.append(f"{entry} has the same id as {known.folder} and is passed over.")


def _read_default(path: Path, found: dict[str, Manifest], problems: list[str]) -> tuple[str | None, dict[str, str]]:
    """Return the default network and the names of networks; a name that is none is passed over."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        default, names = document.get("default"), document.get("names", {})
    except (OSError, ValueError, AttributeError):
        default, names = None, {}
    if not isinstance(default, str) or default not in found:
        problems.append(f"{path} does not name a network that is there.")
        default = None
    if not isinstance(names, dict):
        names = {}
    return default, {model_id: name for model_id, name in names.items() if isinstance(name, str)}
