"""Benchmarks, stress tests and training scripts: run from the project root."""
