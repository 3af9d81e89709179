"""Speech to text with faster-whisper: the same for server and desktop.

Light to import: `options`, `catalogue`, `store`, `download`. What loads the model, the codec or numpy is
imported by whoever works: `engine`, `listener`, `files`.
"""

import os

# The official builds of ONNX Runtime, which runs the voice detector, report to their maker unless this is set
# before they load. Source: its Privacy.md, "Disabling Telemetry".
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
