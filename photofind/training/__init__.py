"""From weights to a network that PhotoFind can run: export, quantisation, calibration, judging. Needs extra train.

The only package that imports torch, and nothing a user runs daily imports it. It stands on `photo` (the very squash
that indexing uses) and `embedding` (the manifest, and the runtime that judges what was exported).

    photofind train --data FOLDER --minutes N --out FOLDER/ID
    python -m photofind.training accurate --data SHARDS --cache FOLDER --out FOLDER/ID
    python -m photofind.training calibrate --model FOLDER/ID --edits FOLDER --data SHARDS
    python -m photofind.training evaluate --model FOLDER/ID --data SHARDS
    python -m photofind.training text-encoder --data SHARDS --out FOLDER/ID

`train` makes the compact ResNet, `accurate` puts our heads on EfficientNet-Lite, `calibrate` measures thresholds,
chances and speed into the manifest, `evaluate` judges on photos that training never sees, `text-encoder` exports
what turns words into vectors. The name of the folder ID becomes the model id, so other weights get another folder.

A training folder holds zip shards and a `manifest.csv` (columns shard, name, source, label, captions; the last two
may be empty), or plain photos. `--edits` is a folder of pictures and edits of them, with a `truth.csv` (columns
variant, original, kind) beside or in it. What takes long (teachers' features, the checkpoint) lies in the `--cache`
folder and is gone on from; `train` writes a log and a curve there. Without `--start` it goes on from the bundled
network, whose float16 weights lie beside its files. On plain photos it then adapts that network to them (`adapt`);
`photofind models add FOLDER/ID` adds what comes out.
"""
