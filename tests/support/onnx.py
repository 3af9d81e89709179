"""Tiny networks as ONNX files, written field by field after onnx.proto (github.com/onnx/onnx, IR 8)."""

import struct
from collections.abc import Sequence
from pathlib import Path


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _block(field: int, data: bytes | str) -> bytes:
    data = data.encode() if isinstance(data, str) else data
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _tensor(name: str, dims: Sequence[int], values: Sequence[float]) -> bytes:
    sizes = b"".join(_number(1, dim) for dim in dims)
    raw = struct.pack(f"<{len(values)}f", *values)
    return sizes + _number(2, 1) + _block(8, name) + _block(9, raw)


def _value(name: str, dims: Sequence[int | str]) -> bytes:
    sides = b"".join(_block(1, _number(1, dim) if isinstance(dim, int) else _block(2, dim)) for dim in dims)
    return _block(1, name) + _block(2, _block(1, _number(1, 1) + _block(2, sides)))


def _ints(name: str, values: Sequence[int]) -> bytes:
    return _block(5, _block(1, name) + b"".join(_number(8, value) for value in values) + _number(20, 7))


def _node(kind: str, inputs: Sequence[str], output: str, attributes: bytes = b"") -> bytes:
    names = b"".join(_block(1, name) for name in inputs)
    return names + _block(2, output) + _block(3, f"{kind}-{output}") + _block(4, kind) + attributes


def _model(nodes: Sequence[bytes], weights: Sequence[bytes], source: bytes, result: bytes) -> bytes:
    graph = (
        b"".join(_block(1, node) for node in nodes)
        + _block(2, "tiny")
        + b"".join(_block(5, weight) for weight in weights)
        + _block(11, source)
        + _block(12, result)
    )
    return _number(1, 8) + _block(7, graph) + _block(8, _block(1, "") + _number(2, 13))


def brightness(
    path: Path, size: tuple[int, int] = (64, 36), *, channels: int = 1, last: bool = False
) -> Path:
    """A network for which whatever is brighter than half is a person: sigmoid of 60 times (mean - 0.5).

    With two `channels` the first is the background's. `last` puts the colours last (NHWC), as converters
    from TensorFlow do.
    """
    width, height = size
    signs = (1.0,) if channels == 1 else (-1.0, 1.0)
    weights = [sign * 20.0 for sign in signs for _ in range(3)]
    tensors = [
        _tensor("w", (channels, 3, 1, 1), weights),
        _tensor("b", (channels,), [-30.0 * s for s in signs]),
    ]
    ends = _ints("kernel_shape", (1, 1))
    middle = [_node("Conv", ("first", "w", "b"), "logits", ends), _node("Sigmoid", ("logits",), "last")]
    if last:
        turn, back = _ints("perm", (0, 3, 1, 2)), _ints("perm", (0, 2, 3, 1))
        nodes = [
            _node("Transpose", ("in",), "first", turn),
            *middle,
            _node("Transpose", ("last",), "out", back),
        ]
        shape_in, shape_out = (1, height, width, 3), (1, height, width, channels)
    else:
        nodes = [_node("Identity", ("in",), "first"), *middle, _node("Identity", ("last",), "out")]
        shape_in, shape_out = (1, 3, height, width), (1, channels, height, width)
    path.write_bytes(_model(nodes, tensors, _value("in", shape_in), _value("out", shape_out)))
    return path
