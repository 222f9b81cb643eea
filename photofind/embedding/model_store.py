"""Where networks are kept: the bundled folder, and any folder the user adds; one sub-folder with a manifest each.

Made once by the library and then only read, so any thread may ask. A broken model folder is a sentence in
`problems`, never an error at start: one bad download must not keep the photos from being shown.

The alternative that lost: a registry file listing the models. It would be a second truth beside the folders.
"""

import json
import logging
from pathlib import Path

from photofind.embedding import manifest as manifests
from photofind.embedding.manifest import MANIFEST_NAME, Manifest
from photofind.errors import ModelError, UserError
from photofind.settings import resource_folder

logger = logging.getLogger(__name__)

DEFAULT_NAME = "default.json"
"""`{"default": "<model id>"}` beside the bundled models: the one place that says which network answers."""


def bundled_folder() -> Path:
    """Return the folder of the networks that come with the program."""
    return resource_folder() / "models"


class ModelStore:
    """All networks at hand.

    Args:
        *folders: Looked through in this order; the bundled one when none is given. The first model of an id wins,
            so that an added folder cannot take the place of a bundled network.
    """

    def __init__(self, *folders: Path) -> None:
        self._manifests: dict[str, Manifest] = {}
        self._default: str | None = None
        self._problems: list[str] = []
        for folder in folders or (bundled_folder(),):
            self.add_folder(folder)

    @property
    def problems(self) -> tuple[str, ...]:
        """Sentences on model folders that were passed over."""
        return tuple(self._problems)

    def add_folder(self, folder: Path) -> None:
        """Take in every network in a sub-folder of `folder`; a folder that does not exist holds none."""
        if not folder.is_dir():
            return
        for entry in sorted(folder.iterdir()):
            if not (entry / MANIFEST_NAME).is_file():
                continue
            try:
                found = manifests.load(entry)
            except ModelError as error:
                self._complain(str(error))
                continue
            known = self._manifests.setdefault(found.model_id, found)
            if known is not found:
                self._complain(f"{entry} has the same id as {known.folder} and is passed over.")
        if self._default is None and (folder / DEFAULT_NAME).is_file():
            self._default = self._read_default(folder / DEFAULT_NAME)

    def manifests(self) -> list[Manifest]:
        """Return every network, the default one first, then by id."""
        default = self._default
        return sorted(self._manifests.values(), key=lambda found: (found.model_id != default, found.model_id))

    def manifest(self, model_id: str) -> Manifest:
        """Return one network.

        Raises:
            UserError: There is no such network.
        """
        try:
            return self._manifests[model_id]
        except KeyError:
            known = ", ".join(sorted(self._manifests)) or "none"
            raise UserError(f"There is no network {model_id!r}; there are: {known}.") from None

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

    def _read_default(self, path: Path) -> str | None:
        try:
            named = json.loads(path.read_text(encoding="utf-8")).get("default")
        except (OSError, ValueError, AttributeError):
            named = None
        if isinstance(named, str) and named in self._manifests:
            return named
        self._complain(f"{path} does not name a network that is there.")
        return None

    def _complain(self, sentence: str) -> None:
        self._problems.append(sentence)
        logger.warning("%s", sentence)
