"""From weights to a network that PhotoFind can run: export, quantisation, calibration, judging. Needs extra train.

The only package that imports torch, and nothing a user runs daily imports it. It stands on `photo` (the very squash
that indexing uses) and `embedding` (the manifest, and the runtime that judges what was exported).

    python -m photofind.training export --network efficientnet-lite0 --data SHARDS --out FOLDER/ID
    python -m photofind.training export --network resnet18-start --weights FILE --data SHARDS --out FOLDER/ID
    python -m photofind.training calibrate --model FOLDER/ID --edits FOLDER --data SHARDS
    python -m photofind.training evaluate --model FOLDER/ID --data SHARDS

The name of the folder ID becomes the model id, so other weights get another folder. SHARDS is a folder with
`manifest.csv` (columns shard, name, source, label, captions) and the zip shards it names. `--edits` is a folder of
pictures and edits of them, with a `truth.csv` (columns variant, original, kind) beside or in it. `export` writes
the ONNX files and a manifest with cautious thresholds; `calibrate` measures them and the speed.
"""
