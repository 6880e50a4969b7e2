"""belegbot beside LlamaIndex's starter pipeline: same machine, same articles, same questions.

``python -m tools.bench [FOLDER]`` prints a table and writes ``docs/bench/bench.json``.
"""
