"""The language of the window: finds it, installs its translators, and translates what the core says.

Called once by the GUI thread before any widget is made; a change of language takes effect at the next start, since
retranslating living windows needs a second path through every widget that nobody would test daily.

The core speaks plain English and never heard of Qt. Its sentences, setting labels and failure kinds stand here
once more as literals because lupdate reads only literals; tests compare both sides, so neither can drift. A core
that returns keys instead of sentences lost: the command line and the log want to say something readable too.

English has a translation file of its own: plural forms ("1 photo", "2 photos") come from nowhere else.
"""

import logging
import re
from collections.abc import Sequence

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QFontDatabase, QGuiApplication

from photofind.gui.network_sentences import NETWORK_SENTENCES
from photofind.records import FailureKind
from photofind.settings import Setting, resource_folder

logger = logging.getLogger(__name__)
translate = QCoreApplication.translate

LANGUAGES = ("en", "zh_CN")
"""Languages with a finished translation file."""

_CHINESE_FAMILIES = (
    "PingFang SC", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC",
    "Source Han Sans SC", "WenQuanYi Micro Hei",
)  # fmt: skip


def language_in_force(wanted: str, system: Sequence[str] | None = None) -> str:
    """Return one of `LANGUAGES` for the setting `language`.

    Args:
        wanted: "system" or one of `LANGUAGES`.
        system: The system's languages, best first, as `QLocale.uiLanguages` gives them; None asks Qt.
    """
    if wanted in LANGUAGES:
        return wanted
    for name in QLocale.system().uiLanguages() if system is None else system:
        locale = QLocale(name)
        if locale.language() == QLocale.Language.English:
            return "en"
        # A reader of traditional characters is better served by simplified ones than by English.
        if locale.language() == QLocale.Language.Chinese:
            return "zh_CN"
    return "en"


def install(application: QCoreApplication, wanted: str) -> str:
    """Install the translators of the wanted language and make its number and date formats the default.

    Args:
        application: Owns the translators from now on.
        wanted: The setting `language`.

    Returns:
        The language in force.
    """
    language = language_in_force(wanted)
    system = QLocale.system()
    # Within the system's own language its country's formats stay: an Englishman writes the day first.
    QLocale.setDefault(system if system.language() == QLocale(language).language() else QLocale(language))
    own = QTranslator(application)
    if own.load(f"photofind_{language}.qm", str(resource_folder() / "translations")):
        application.installTranslator(own)
    else:
        logger.warning("The translation for %s is missing.", language)
    if language != "en":
        of_qt = QTranslator(application)
        if of_qt.load(f"qtbase_{language}.qm", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
            application.installTranslator(of_qt)
    if language == "zh_CN" and isinstance(application, QGuiApplication):
        _prefer_chinese_glyphs(application)
    return language


def _prefer_chinese_glyphs(application: QGuiApplication) -> None:
    """Name a font for Simplified Chinese: left to itself Qt may take a Japanese one, or only its bold."""
    installed = set(QFontDatabase.families())
    family = next((family for family in _CHINESE_FAMILIES if family in installed), None)
    if family is not None:
        font = application.font()
        font.setFamilies([*font.families(), family])
        application.setFont(font)


def failure_title(kind: FailureKind) -> str:
    """Return the heading of a group of failures."""
    match kind:
        case FailureKind.EMPTY:
            return translate("Failure", "Empty files")
        case FailureKind.NOT_AN_IMAGE | FailureKind.NOT_A_PHOTO:
            return translate("Failure", "Not images")
        case FailureKind.DAMAGED:
            return translate("Failure", "Damaged images")
        case FailureKind.TOO_LARGE:
            return translate("Failure", "Too large")
        case FailureKind.UNSUPPORTED:
            return translate("Failure", "Unknown kinds of image")
        case FailureKind.UNREADABLE:
            return translate("Failure", "Not allowed or not able to read")
        case FailureKind.CHANGING:
            return translate("Failure", "Still being written")
        case FailureKind.TIMED_OUT:
            return translate("Failure", "Took too long")
        case FailureKind.OUT_OF_MEMORY:
            return translate("Failure", "Need too much memory")
        case FailureKind.CRASHED:
            return translate("Failure", "Crashed the decoder")


def failure_sentence(kind: FailureKind) -> str:
    """Return what is the matter with such files and what a person can do, one or two sentences."""
    match kind:
        case FailureKind.EMPTY:
            return translate(
                "Failure", "The file has no content. It may be left over from a copy that was cut short."
            )
        case FailureKind.NOT_AN_IMAGE | FailureKind.NOT_A_PHOTO:
            return translate("Failure", "The name promises an image, but the content is something else.")
        case FailureKind.DAMAGED:
            return translate("Failure", "The file is cut short or damaged. A backup may have a whole copy.")
        case FailureKind.TOO_LARGE:
            return translate("Failure", "The image has more pixels than can be opened safely.")
        case FailureKind.UNSUPPORTED:
            return translate("Failure", "PhotoFind cannot read this kind of image yet.")
        case FailureKind.UNREADABLE:
            return translate("Failure", "The system refused to read the file. Check its permissions and the disk.")
        case FailureKind.CHANGING:
            return translate("Failure", "The file changed while it was read. It is tried again when it is quiet.")
        case FailureKind.TIMED_OUT:
            return translate("Failure", "Reading took longer than the time limit in the settings.")
        case FailureKind.OUT_OF_MEMORY:
            return translate("Failure", "Reading the file needs more memory than a single photo may take.")
        case FailureKind.CRASHED:
            return translate("Failure", "The file made the decoder crash. Nothing else was affected.")


def read_only_sentence() -> str:
    """Return why nothing can be changed in a library that another program writes."""
    return translate("Core", "This library is open for searching only.")


def setting_label(setting: Setting) -> str:
    """Return a setting's name in the dialog."""
    return translate("Settings", setting.label)


def setting_sentence(setting: Setting) -> str:
    """Return a setting's tooltip."""
    return translate("Settings", setting.sentence)


def choice_label(choice: str) -> str:
    """Return one choice of a setting in words; a choice without words stands for itself."""
    words = CHOICE_WORDS.get(choice)
    return choice if words is None else translate("Settings", str(words))


SETTING_SOURCES = (
    QT_TRANSLATE_NOOP("Settings", "Language"),
    QT_TRANSLATE_NOOP("Settings", "The language of the window."),
    QT_TRANSLATE_NOOP("Settings", "Appearance"),
    QT_TRANSLATE_NOOP("Settings", "Light, dark, or as the system has it."),
    QT_TRANSLATE_NOOP("Settings", "Processes for reading photos"),
    QT_TRANSLATE_NOOP(
        "Settings",
        "How many processes decode photos at once; 0 lets the program choose from the number of cores.",
    ),
    QT_TRANSLATE_NOOP("Settings", "Go on after a mark"),
    QT_TRANSLATE_NOOP("Settings", "Stars, picks and rejects given with a key are followed by the next photo."),
    QT_TRANSLATE_NOOP("Settings", "Pause indexing on battery"),
    QT_TRANSLATE_NOOP("Settings", "Indexing waits while the computer runs on its battery."),
    QT_TRANSLATE_NOOP("Settings", "Time limit for one photo (s)"),
    QT_TRANSLATE_NOOP("Settings", "A photo that takes longer than this to read is listed under Problems."),
    QT_TRANSLATE_NOOP("Settings", "Watch folders"),
    QT_TRANSLATE_NOOP("Settings", "New and changed photos are taken in as soon as they appear."),
    QT_TRANSLATE_NOOP("Settings", "Look again every (s)"),
    QT_TRANSLATE_NOOP(
        "Settings", "How often folders that cannot announce changes, such as network shares, are looked through."
    ),
    QT_TRANSLATE_NOOP("Settings", "Compute on"),
    QT_TRANSLATE_NOOP("Settings", "Where the network runs; automatic takes the fastest that works here."),
)
"""Labels and sentences of `settings.SETTINGS`, for lupdate."""

CHOICE_WORDS = {
    "system": QT_TRANSLATE_NOOP("Settings", "As the system has it"),
    # A language is written in itself, so that whoever strays into another finds the way back.
    "en": "English",
    "zh_CN": "简体中文",
    "light": QT_TRANSLATE_NOOP("Settings", "Light"),
    "dark": QT_TRANSLATE_NOOP("Settings", "Dark"),
    "auto": QT_TRANSLATE_NOOP("Settings", "Automatic"),
    "cpu": QT_TRANSLATE_NOOP("Settings", "Processor (CPU)"),
    "cuda": "NVIDIA CUDA",
    "directml": "DirectML",
    "coreml": "Core ML",
    "openvino": "OpenVINO",
}

CORE_SENTENCES = (
    QT_TRANSLATE_NOOP("Core", "Photos get no labels: {}"),
    QT_TRANSLATE_NOOP("Core", "The file is empty."),
    QT_TRANSLATE_NOOP("Core", "The file is cut short."),
    QT_TRANSLATE_NOOP("Core", "The file is larger than 1 GiB."),
    QT_TRANSLATE_NOOP("Core", "The file {}."),
    QT_TRANSLATE_NOOP("Core", "The file changed while it was being read."),
    QT_TRANSLATE_NOOP("Core", "The file changed since it was taken in."),
    QT_TRANSLATE_NOOP("Core", "The file disappeared while it was being read."),
    QT_TRANSLATE_NOOP("Core", "There is no permission to read the file."),
    QT_TRANSLATE_NOOP("Core", "This is not a regular file."),
    QT_TRANSLATE_NOOP("Core", "This is not an image, or of a kind PhotoFind does not know."),
    QT_TRANSLATE_NOOP("Core", "This variant of the format is not supported."),
    QT_TRANSLATE_NOOP("Core", "This kind of raw photo is not supported."),
    QT_TRANSLATE_NOOP("Core", "This raw photo has no preview inside, and raw support is not installed."),
    QT_TRANSLATE_NOOP("Core", "{} pictures cannot be read on this computer."),
    QT_TRANSLATE_NOOP("Core", "The raw photo is damaged."),
    QT_TRANSLATE_NOOP("Core", "The picture is damaged and cannot be read."),
    QT_TRANSLATE_NOOP("Core", "The picture is empty."),
    QT_TRANSLATE_NOOP("Core", "The picture has no size."),
    QT_TRANSLATE_NOOP("Core", "The picture is too large ({} x {} pixels)."),
    QT_TRANSLATE_NOOP("Core", "The picture needs too much memory."),
    QT_TRANSLATE_NOOP("Core", "The program that reads photos crashed on this file."),
    QT_TRANSLATE_NOOP("Core", "The program that reads photos could not be started."),
    QT_TRANSLATE_NOOP("Core", "The file could not be read because of a fault in PhotoFind; the log tells more."),
    QT_TRANSLATE_NOOP("Core", "PhotoFind failed on it: {}"),
    QT_TRANSLATE_NOOP("Core", "Reading took longer than {} seconds."),
    QT_TRANSLATE_NOOP("Core", "The path is longer than this system can open."),
    QT_TRANSLATE_NOOP("Core", "The folder cannot be read: {}."),
    QT_TRANSLATE_NOOP("Core", "Files in this folder cannot be looked at: {}."),
    QT_TRANSLATE_NOOP("Core", "{} of {} photos are missing."),
    QT_TRANSLATE_NOOP("Core", "The folder is empty. Is its disk connected?"),
    QT_TRANSLATE_NOOP("Core", "The folder is not there. Is its disk connected?"),
    QT_TRANSLATE_NOOP("Core", "The disk went away while it was looked at."),
    QT_TRANSLATE_NOOP("Core", "The folder does not answer. Is its disk or server still there?"),
    QT_TRANSLATE_NOOP("Core", "{} does not answer; its photos stay searchable."),
    QT_TRANSLATE_NOOP("Core", "{} does not answer."),
    QT_TRANSLATE_NOOP(
        "Core", "{} is on a disk that does not announce changes; it is looked through every {} minutes."
    ),
    QT_TRANSLATE_NOOP("Core", "{} cannot be watched; it is looked through every {} minutes."),
    QT_TRANSLATE_NOOP(
        "Core", "{} has more directories than the system can watch; it is looked through every {} minutes."
    ),
    QT_TRANSLATE_NOOP("Core", "This is the same file as the copy that would stay."),
    QT_TRANSLATE_NOOP("Core", "No other copy would stay."),
    QT_TRANSLATE_NOOP("Core", "It belongs to {}, which stays."),
    QT_TRANSLATE_NOOP("Core", "{} belongs to it and has to stay: {}"),
    QT_TRANSLATE_NOOP("Core", "{} belongs to it, and there is another {} already."),
    QT_TRANSLATE_NOOP("Core", "The copy that would stay has changed: {}"),
    QT_TRANSLATE_NOOP("Core", "The copy that would stay cannot be read: {}"),
    QT_TRANSLATE_NOOP("Core", "PhotoFind ended before the file was moved; it stayed where it was."),
    QT_TRANSLATE_NOOP(
        "Core", "Moving photos to the trash was interrupted: {} had been moved, {} stayed where they were."
    ),
    QT_TRANSLATE_NOOP("Core", "It cannot be read: {}."),
    QT_TRANSLATE_NOOP("Core", "It could not be put back: {}."),
    QT_TRANSLATE_NOOP("Core", "The file is no longer there."),
    QT_TRANSLATE_NOOP("Core", "The trash did not take it."),
    QT_TRANSLATE_NOOP("Core", "The trash is on another drive and cannot take it."),
    QT_TRANSLATE_NOOP("Core", "The drive of the trash is full."),
    QT_TRANSLATE_NOOP("Core", "Your share of the trash's drive is used up."),
    QT_TRANSLATE_NOOP("Core", "You are not allowed to move it."),
    QT_TRANSLATE_NOOP("Core", "Its drive can only be read."),
    QT_TRANSLATE_NOOP("Core", "There is no trash on its drive, or the file is gone."),
    QT_TRANSLATE_NOOP("Core", "Its name is too long for the trash."),
    QT_TRANSLATE_NOOP("Core", "Its drive does not answer."),
    QT_TRANSLATE_NOOP("Core", "The system's trash cannot take a file whose name is not text; rename it first."),
    QT_TRANSLATE_NOOP(
        "Core", "The system's trash did not take the file; it may be read-only or on a drive without a trash."
    ),
    QT_TRANSLATE_NOOP("Core", "This photo is no longer in the library."),
    QT_TRANSLATE_NOOP("Core", "A photo of this query is no longer in the library."),
    QT_TRANSLATE_NOOP("Core", "{} is not a folder."),
    QT_TRANSLATE_NOOP("Core", "The name is empty."),
    QT_TRANSLATE_NOOP("Core", "The name has characters that cannot be shown."),
    QT_TRANSLATE_NOOP("Core", "The name has {} characters; {} are the most."),
    QT_TRANSLATE_NOOP("Core", "The text has {} characters; {} are the most."),
    QT_TRANSLATE_NOOP("Core", "There is no tag “{}”."),
    QT_TRANSLATE_NOOP("Core", "There is a collection “{}” already."),
    QT_TRANSLATE_NOOP("Core", "This collection is no longer there."),
    QT_TRANSLATE_NOOP("Core", "This live collection is no longer there."),
    QT_TRANSLATE_NOOP("Core", "A live collection has the photos that its query finds; none can be put into it."),
    QT_TRANSLATE_NOOP("Core", "Add the image to the library first: images from outside are not kept."),
    QT_TRANSLATE_NOOP("Core", "A newer PhotoFind saved this live collection; this one cannot read it."),
    QT_TRANSLATE_NOOP("Core", "This live collection is damaged; remove it, and save it again."),
    QT_TRANSLATE_NOOP("Core", "A photo of this query is no longer in the library and was left out."),
    QT_TRANSLATE_NOOP("Core", "{} photos of this query are no longer in the library and were left out."),
    QT_TRANSLATE_NOOP("Core", "Its folder is not available."),
    QT_TRANSLATE_NOOP("Core", "The sidecar that is there cannot be read as XMP; it stays as it is."),
    QT_TRANSLATE_NOOP("Core", "Its sidecar cannot be written: {}."),
    QT_TRANSLATE_NOOP("Core", "{} cannot be searched with: {}"),
    QT_TRANSLATE_NOOP("Core", "The library is closed."),
    QT_TRANSLATE_NOOP("Core", "The library {} cannot be made: {}."),
    QT_TRANSLATE_NOOP("Core", "The library cannot be written where it lies."),
    QT_TRANSLATE_NOOP("Core", "The library cannot be written to; it is open for searching only."),
    QT_TRANSLATE_NOOP(
        "Core", "Another PhotoFind is writing to this library; wait for it, or close it, and try again."
    ),
    QT_TRANSLATE_NOOP("Core", "Another program is using the library."),
    QT_TRANSLATE_NOOP("Core", "Another program holds the library's catalog."),
    QT_TRANSLATE_NOOP("Core", "The disk of the library is full."),
    QT_TRANSLATE_NOOP("Core", "The disk of the library is full: {} MB are free, {} MB needed."),
    QT_TRANSLATE_NOOP("Core", "Indexing waits for mains power."),
    QT_TRANSLATE_NOOP("Core", "This library was written by a newer PhotoFind; please update."),
    QT_TRANSLATE_NOOP("Core", "The settings file {} was written by a newer PhotoFind; please update."),
    QT_TRANSLATE_NOOP("Core", "The library's catalog was altered by something else, and mended."),
    QT_TRANSLATE_NOOP("Core", "The library's catalog was damaged. The damaged file is kept as {}."),
    QT_TRANSLATE_NOOP("Core", "The library's catalog was missing."),
    QT_TRANSLATE_NOOP("Core", "The library's catalog is damaged; start again to restore it."),
    QT_TRANSLATE_NOOP("Core", "The library's catalog is a database of another program."),
    QT_TRANSLATE_NOOP("Core", "Photos are looked through anew; that takes as long as the first time."),
    QT_TRANSLATE_NOOP("Core", "Photos cannot be taken in: {}"),
    QT_TRANSLATE_NOOP("Core", "Something went wrong while indexing and was written to the log: {}"),
    QT_TRANSLATE_NOOP("Core", "The new network has seen all photos and answers from now on."),
    QT_TRANSLATE_NOOP("Core", "All thumbnails were made anew."),
    QT_TRANSLATE_NOOP("Core", "The index cannot be written to {}: {}."),
    QT_TRANSLATE_NOOP("Core", "PhotoFind's network is missing; please install the program again."),
    QT_TRANSLATE_NOOP("Core", "The network {} is not the file its manifest describes; please install it again."),
    QT_TRANSLATE_NOOP("Core", "The CPU is used: {}."),
    QT_TRANSLATE_NOOP("Core", "{} failed while running ({}); the CPU is used."),
    QT_TRANSLATE_NOOP("Core", "The catalog is damaged: {}."),
    QT_TRANSLATE_NOOP("Core", "Some rows of the catalog refer to others that are missing."),
    QT_TRANSLATE_NOOP("Core", "The number of photos is wrong in {} directories."),
    QT_TRANSLATE_NOOP("Core", "The number of photos is wrong for {} contents."),
    QT_TRANSLATE_NOOP("Core", "The number of photos is wrong for {} tags."),
    QT_TRANSLATE_NOOP("Core", "The number of photos is wrong for {} collections."),
    QT_TRANSLATE_NOOP("Core", "The number of contents is wrong."),
    QT_TRANSLATE_NOOP("Core", "The number of vectors is wrong."),
    QT_TRANSLATE_NOOP("Core", "The vector index lacks {} photos."),
    QT_TRANSLATE_NOOP("Core", "Stopped before the end."),
    QT_TRANSLATE_NOOP("Core", "{} changed or missing files were looked at again."),
    QT_TRANSLATE_NOOP("Core", "Its folder is not connected now."),
    QT_TRANSLATE_NOOP("Core", "There is not enough room: {} MB are needed, {} MB are free."),
    QT_TRANSLATE_NOOP("Core", "The drive is full."),
    QT_TRANSLATE_NOOP("Core", "Your share of the drive is used up."),
    QT_TRANSLATE_NOOP("Core", "There is no permission to do this."),
    QT_TRANSLATE_NOOP("Core", "The drive can only be read."),
    QT_TRANSLATE_NOOP("Core", "The file or its folder is no longer there."),
    QT_TRANSLATE_NOOP("Core", "The name is too long for the drive."),
    QT_TRANSLATE_NOOP("Core", "The file is too large for the drive."),
    QT_TRANSLATE_NOOP("Core", "The drive does not answer."),
    QT_TRANSLATE_NOOP("Core", "The drive did not take the whole file."),
    QT_TRANSLATE_NOOP("Core", "Another file has this name already."),
    QT_TRANSLATE_NOOP("Core", "PhotoFind ended before it was renamed."),
    QT_TRANSLATE_NOOP("Core", "A file needs a name."),
    QT_TRANSLATE_NOOP("Core", "A name must not contain any of {}"),
    QT_TRANSLATE_NOOP("Core", "The system keeps this name for itself."),
    QT_TRANSLATE_NOOP("Core", "Another network answers now; compare the folder once more."),
    QT_TRANSLATE_NOOP("Core", "The settings file cannot be read and is ignored: {}"),
    QT_TRANSLATE_NOOP("Core", "The settings file has no proper version."),
    QT_TRANSLATE_NOOP("Core", "Setting {} should be one of {}, not {}."),
    QT_TRANSLATE_NOOP("Core", "Setting {} should be {}, not {}."),
    QT_TRANSLATE_NOOP("Core", "Setting {} should lie between {} and {}, not {}."),
    QT_TRANSLATE_NOOP("Core", "Setting keys should be a table of commands and their keys."),
    QT_TRANSLATE_NOOP("Core", "The keys of {} should be text in quotation marks."),
    QT_TRANSLATE_NOOP("Core", "Setting keep should be a table of rules."),
    QT_TRANSLATE_NOOP("Core", "Setting keep.{} should be a list of texts."),
    QT_TRANSLATE_NOOP("Core", "There is no keep rule {}."),
    *NETWORK_SENTENCES,
)
"""What the core says to a person, `{}` where something varies."""


def core_sentence(text: str) -> str:
    """Return a sentence of the core in the window's language; one that is not known stays as it is."""
    if not text:
        return text  # asked at the start; to try all patterns, 110 of them are compiled
    translated = translate("Core", text)
    if translated != text:
        return translated
    for source, pattern in _core_patterns():
        found = pattern.fullmatch(text)
        if found:
            # What varies may be a sentence itself: "The chosen network cannot be used: {}".
            return translate("Core", source).format(*map(core_sentence, found.groups()))
    return text


_patterns: list[tuple[str, re.Pattern[str]]] = []


def _core_patterns() -> list[tuple[str, re.Pattern[str]]]:
    if not _patterns:
        # Of two that fit the one that says more: "The network {} cannot be read" before "{} cannot be read".
        for source in sorted(map(str, CORE_SENTENCES), key=len, reverse=True):
            if "{}" in source:
                pieces = (re.escape(piece) for piece in source.split("{}"))
                _patterns.append((source, re.compile("(.+)".join(pieces), re.DOTALL)))
    return _patterns
