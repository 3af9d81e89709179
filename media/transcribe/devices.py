"""Which device and number format a model runs with: the best of what is there, or what is forced."""

import os
from dataclasses import dataclass

import ctranslate2

from media.errors import SpeechError
from media.transcribe.options import AUTO, SpeechOptions

# Best first: on a GPU half floats cost nothing, on a processor whole numbers are twice as fast.
# Source: https://opennmt.net/CTranslate2/quantization.html
_PREFERRED = {
    "cuda": ("float16", "int8_float16", "bfloat16", "float32"),
    "cpu": ("int8", "int8_float32", "float32"),
}
# So many windows at once fill a GPU; a processor gains nothing.
_BATCH = {"cuda": 8, "cpu": 1}
_MOST_THREADS = 8


@dataclass(frozen=True, slots=True)
class Device:
    """`reason` says why it is not the one that would be better; empty where it is the best."""

    name: str  # cpu or cuda
    compute_type: str
    threads: int
    batch: int
    reason: str = ""


def choose(options: SpeechOptions) -> Device:
    """Raises SpeechError where something is forced that is not there."""
    gpus = ctranslate2.get_cuda_device_count()
    if options.device == "cuda" and not gpus:
        raise SpeechError(
            "There is no GPU for transcription",
            "CTranslate2 finds no NVIDIA GPU with CUDA 12.",
            "Leave the device to `auto`, or install NVIDIA's driver, cuBLAS and cuDNN.",
        )
    name = "cuda" if gpus and options.device != "cpu" else "cpu"
    return _device(name, options)


def without_gpu(options: SpeechOptions, reason: str) -> Device:
    """After a GPU has turned out not to work."""
    device = _device("cpu", options)
    return Device("cpu", device.compute_type, device.threads, device.batch, reason)


def _device(name: str, options: SpeechOptions) -> Device:
    supported = ctranslate2.get_supported_compute_types(name)
    wanted = options.compute_type
    if wanted not in (AUTO, "default") and wanted not in supported:
        raise SpeechError(
            f"This {name} cannot compute with {wanted}", hint=f"It can with {', '.join(sorted(supported))}."
        )
    best = next((type_ for type_ in _PREFERRED[name] if type_ in supported), "default")
    return Device(
        name,
        best if wanted == AUTO else wanted,
        options.threads or min(_MOST_THREADS, os.cpu_count() or 1),
        options.batch or _BATCH[name],
    )
