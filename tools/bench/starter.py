"""What a user would build instead: LlamaIndex's starter pipeline on the same e5 weights.

SimpleDirectoryReader, SentenceSplitter (256 tokens, overlap 20), HuggingFaceEmbedding in PyTorch
with the E5 prefixes, FaissVectorStore over IndexFlatIP. It retrieves; it does not answer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

TOP_K = 10
DIMENSION = 384


def embedding(model: Path) -> Any:
    """The model in PyTorch, loaded."""
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(
        model_name=str(model),
        query_instruction="query: ",
        text_instruction="passage: ",
        device="cpu",
    )


def build(articles: Path, stored: Path, model: Any) -> int:
    """Files to a stored index; returns the number of nodes."""
    import faiss
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.vector_stores.faiss import FaissVectorStore

    documents = SimpleDirectoryReader(str(articles), recursive=True).load_data()
    nodes = SentenceSplitter(chunk_size=256, chunk_overlap=20).get_nodes_from_documents(documents)
    store = FaissVectorStore(faiss_index=faiss.IndexFlatIP(DIMENSION))
    context = StorageContext.from_defaults(vector_store=store)
    index = VectorStoreIndex(nodes, storage_context=context, embed_model=model)
    index.storage_context.persist(str(stored))
    return len(nodes)


def load(stored: Path, model: Path) -> Any:
    """A retriever over a stored index."""
    from llama_index.core import StorageContext, load_index_from_storage
    from llama_index.vector_stores.faiss import FaissVectorStore

    store = FaissVectorStore.from_persist_dir(str(stored))
    context = StorageContext.from_defaults(vector_store=store, persist_dir=str(stored))
    index = load_index_from_storage(context, embed_model=embedding(model))
    return index.as_retriever(similarity_top_k=TOP_K)
