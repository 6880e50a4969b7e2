"""belegbot beside LlamaIndex's starter pipeline: same machine, same articles, same questions.

``python -m tools.bench [FOLDER]`` prints a table and writes a JSON file (and plots, where
matplotlib is installed) to ``docs/bench/``.
"""
