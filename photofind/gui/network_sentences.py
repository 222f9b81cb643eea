"""What the core says of networks that are added, used and removed, as literals for lupdate; see `translation`.

A part of `translation.CORE_SENTENCES` with a file of its own, because networks can be refused in so many ways. A
test compares them with the sources of the core.
"""

from PySide6.QtCore import QT_TRANSLATE_NOOP

NETWORK_SENTENCES = (
    QT_TRANSLATE_NOOP(
        "Core",
        "It takes float pixels and does not say which; the mean and deviation of {} are assumed (--mean "
        "and --std say otherwise).",
    ),
    QT_TRANSLATE_NOOP("Core", "It takes whole pixels from 0 to 255; the mean and deviation given are not needed."),
    QT_TRANSLATE_NOOP("Core", "It takes photos of any size; they are given to it with {} px a side."),
    QT_TRANSLATE_NOOP("Core", "It gives a map of {} x {} places; their mean is used."),
    QT_TRANSLATE_NOOP("Core", "It gives {} places of a grid; their mean is used."),
    QT_TRANSLATE_NOOP("Core", "It gives {} tokens; the first, which stands for the whole picture, is used."),
    QT_TRANSLATE_NOOP("Core", "Of its outputs {} is used, not {}."),
    QT_TRANSLATE_NOOP(
        "Core",
        "Its {} values look like a classifier's scores for its classes, not like features: it can be used, "
        "but the same network exported without its last layer finds more.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "It fails on several photos at once, or mixes them; they are given to it one by one.",
    ),
    QT_TRANSLATE_NOOP("Core", "{} is not a file; name the ONNX file of a network."),
    QT_TRANSLATE_NOOP("Core", "{} is empty."),
    QT_TRANSLATE_NOOP("Core", "{} is larger than 1 GiB; choose a smaller network."),
    QT_TRANSLATE_NOOP("Core", "{} is larger than {} MB."),
    QT_TRANSLATE_NOOP("Core", "{} changed while it was read; try again when nothing writes to it."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} is not an ONNX file, or only a part of one; PhotoFind takes networks exported to ONNX.",
    ),
    QT_TRANSLATE_NOOP("Core", "{} keeps its weights in another file; export it again as one file (below 1 GiB)."),
    QT_TRANSLATE_NOOP("Core", "{} cannot be run by the onnxruntime installed here: {}"),
    QT_TRANSLATE_NOOP("Core", "{} is not a network that onnxruntime can load: {}"),
    QT_TRANSLATE_NOOP("Core", "{} is not the file its manifest describes."),
    QT_TRANSLATE_NOOP("Core", "{} was made for a newer PhotoFind; please update."),
    QT_TRANSLATE_NOOP("Core", "{} is too large for a manifest."),
    QT_TRANSLATE_NOOP("Core", "{} is not JSON."),
    QT_TRANSLATE_NOOP("Core", "{} is not a JSON object."),
    QT_TRANSLATE_NOOP("Core", "{} cannot be read: {}."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} has {} inputs ({}); an image network has one, for the picture. Of a network for images and "
        "words export the two halves into a file each, and give the other with --text.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} takes {} as {}; PhotoFind can give float32, float16 or uint8 pixels. Export it with inputs of float32.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} takes {}; a network for images takes four dimensions: [photos, 3, height, width] or [photos, "
        "height, width, 3].",
    ),
    QT_TRANSLATE_NOOP("Core", "{} takes {} photos at once; PhotoFind can give 1 to 1024."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} takes {}, pictures of {} channels; PhotoFind gives colour photos, whose 3 channels stand in "
        "the second or the last place.",
    ),
    QT_TRANSLATE_NOOP("Core", "{} takes pictures of {} x {} pixels; PhotoFind gives square ones."),
    QT_TRANSLATE_NOOP("Core", "{} takes pictures of {} px a side; PhotoFind gives {} to {}."),
    QT_TRANSLATE_NOOP("Core", "{} fails on pictures of every size that was tried: {}"),
    QT_TRANSLATE_NOOP("Core", "{} gives {}; PhotoFind needs an output of float32 or float16."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} gives {} as {} for {} photos; a network that PhotoFind can use gives one vector for each photo.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} gives {} as {}; PhotoFind needs a vector for each photo, a map of features or the tokens of a "
        "transformer. Export the network with such an output.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} gives {} values for a photo as {}; PhotoFind needs {} to {}, the features before the last "
        "layer. Export it with those.",
    ),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} gives one photo another vector each time; it was probably exported in training mode. Export it "
        "in evaluation mode.",
    ),
    QT_TRANSLATE_NOOP("Core", "{} gives every photo the same vector; its weights are missing or not trained."),
    QT_TRANSLATE_NOOP("Core", "{} mixes the photos that it takes at once; export it for one photo at a time."),
    QT_TRANSLATE_NOOP("Core", "{} takes longer than {} seconds for some pictures; it cannot be used here."),
    QT_TRANSLATE_NOOP("Core", "{} needs more than {} GiB of memory; it cannot be used here."),
    QT_TRANSLATE_NOOP("Core", "{} crashes the program that runs it; it cannot be used here."),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} finds edits of a picture less like it than other pictures; it cannot be used to find photos.",
    ),
    QT_TRANSLATE_NOOP("Core", "The network failed: {}"),
    QT_TRANSLATE_NOOP("Core", "The network gives vectors that are not of length 1."),
    QT_TRANSLATE_NOOP("Core", "The network gives vectors without a direction: zeros or no numbers."),
    QT_TRANSLATE_NOOP("Core", "The network {} computes something else than it should."),
    QT_TRANSLATE_NOOP("Core", "The network {} cannot be read: {}."),
    QT_TRANSLATE_NOOP("Core", "A text network and its tokenizer.json come together; name both, or neither."),
    QT_TRANSLATE_NOOP("Core", "The text network gives no numbers for some words; it cannot be used."),
    QT_TRANSLATE_NOOP("Core", "The text network gives the same vector for all words; is it the right file?"),
    QT_TRANSLATE_NOOP("Core", "The text network gives {} values and the image network {}; they are no pair."),
    QT_TRANSLATE_NOOP("Core", "{} should take token ids and at most an attention mask, not {}."),
    QT_TRANSLATE_NOOP("Core", "{} should take whole numbers [n, tokens] as {}, not {}."),
    QT_TRANSLATE_NOOP("Core", "{} should give float [n, {}], one vector for each text."),
    QT_TRANSLATE_NOOP("Core", "The text encoder {} failed: {}"),
    QT_TRANSLATE_NOOP("Core", "{} is not a tokenizer: {}"),
    QT_TRANSLATE_NOOP("Core", "Reading {} needs the package tokenizers; install it with: pip install tokenizers"),
    QT_TRANSLATE_NOOP(
        "Core",
        "{} cannot be the name of a network: use up to 64 small letters, digits, dots, dashes and "
        "underscores, a letter or digit first.",
    ),
    QT_TRANSLATE_NOOP("Core", "There is a network {} already; choose another name with --id, or remove it."),
    QT_TRANSLATE_NOOP("Core", "There is no network {}; there are: {}."),
    QT_TRANSLATE_NOOP("Core", "The network cannot be added to {}: {}."),
    QT_TRANSLATE_NOOP("Core", "The network {} cannot be removed: {}."),
    QT_TRANSLATE_NOOP("Core", "{} came with PhotoFind and stays."),
    QT_TRANSLATE_NOOP("Core", "{} is in use; choose another network first, then remove it."),
    QT_TRANSLATE_NOOP("Core", "{} cannot be measured: {}"),
    QT_TRANSLATE_NOOP("Core", "Another network was chosen meanwhile."),
    QT_TRANSLATE_NOOP("Core", "Another network answers now; search again."),
    QT_TRANSLATE_NOOP("Core", "The chosen network cannot be used: {}"),
    QT_TRANSLATE_NOOP("Core", "Words are looked for in names and descriptions only: {}"),
    QT_TRANSLATE_NOOP("Core", "The network {} knows no words; choose one that does."),
    QT_TRANSLATE_NOOP("Core", "The index for words lacks {} photos."),
    QT_TRANSLATE_NOOP("Core", "{} is not part of the installed onnxruntime"),
    QT_TRANSLATE_NOOP("Core", "{} could not be started; its libraries or its device are missing"),
)
"""`{}` where something varies."""
