"""What an ONNX file says of its input, read from its protocol buffers: OpenCV does not tell.

Only the path ModelProto.graph (7) -> GraphProto.input (11), initializer (5) is followed; see onnx.proto at
https://github.com/onnx/onnx and https://protobuf.dev/programming-guides/encoding/.
"""

from __future__ import annotations

from collections.abc import Iterator

UNKNOWN = -1  # a side that the file leaves open
_VARINT, _I64, _BLOCK, _I32 = 0, 1, 2, 5


def input_shape(model: bytes) -> tuple[int, ...]:
    """The sides of the first input that is no weight; ValueError when this is no ONNX model or has none."""
    for graph in _blocks(memoryview(model), 7):
        weights = {_text(weight, 8) for weight in _blocks(graph, 5)}
        for value in _blocks(graph, 11):
            if _text(value, 1) not in weights:
                return tuple(_sides(value))
    raise ValueError("it is no ONNX model with an input")


def _sides(value: memoryview) -> Iterator[int]:
    """ValueInfoProto.type -> tensor_type -> shape -> dim -> dim_value."""
    for kind in _blocks(value, 2):
        for tensor in _blocks(kind, 1):
            for shape in _blocks(tensor, 2):
                for side in _blocks(shape, 1):
                    yield _side(side)


def _side(dimension: memoryview) -> int:
    for field, value in _fields(dimension):
        if field == 1 and isinstance(value, int):
            return value
    return UNKNOWN


def _text(message: memoryview, field: int) -> str:
    return next((bytes(block).decode(errors="replace") for block in _blocks(message, field)), "")


def _blocks(message: memoryview, field: int) -> Iterator[memoryview]:
    return (value for number, value in _fields(message) if number == field and isinstance(value, memoryview))


def _fields(message: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    at = 0
    while at < len(message):
        tag, at = _varint(message, at)
        kind = tag & 7
        if kind == _VARINT:
            value, at = _varint(message, at)
            yield tag >> 3, value
            continue
        if kind == _BLOCK:
            length, at = _varint(message, at)
        elif kind in (_I32, _I64):
            length = 4 if kind == _I32 else 8
        else:
            raise ValueError("it is no ONNX model")
        if at + length > len(message):
            raise ValueError("the file is cut off")
        yield tag >> 3, message[at : at + length]
        at += length


def _varint(message: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while at < len(message) and shift < 64:
        byte = message[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            return value, at
    raise ValueError("it is no ONNX model")
