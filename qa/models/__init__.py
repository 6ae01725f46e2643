"""Doors to the heavy libraries and what stands behind each seam: embedder, generator, checker, reranker."""
