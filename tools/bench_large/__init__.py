"""Growth curves: the program's own search over ten thousand to a million passages.

``python -m tools.bench_large [FOLDER]`` prints a table and writes a JSON file and a plot to
``docs/bench/``. The vectors are those of FOLDER's passages (``seeds/`` by default) plus Gaussian
noise, the texts its sentences in new combinations; both are written to disk as a real
generation, by the same code that a build uses.
"""
