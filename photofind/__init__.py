"""PhotoFind: find any photo on your own disks, and clear out duplicates without losing one."""

import os

__version__ = "0.1.0"

# Everything stays on this computer. onnxruntime's packages report to their maker from 1.29 on unless this is set
# before the library is loaded (github.com/microsoft/onnxruntime/pull/27379); so it stands before any import can do
# that. On Windows its events go to the system's trace log; `image_embedder` turns those off.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

# OpenBLAS, which comes with numpy, has a thread for each core, and each spins for 67 million cycles when it is made
# and after every product before it goes to sleep: 30 ms of every core but one before a window stands. Sleeping at
# once costs nothing: 100,000 x 512 times a vector takes 17 ms either way, and 17 instead of 25 of CPU time.
os.environ.setdefault("OPENBLAS_THREAD_TIMEOUT", "4")
