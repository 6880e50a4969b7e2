"""Trains the reader: gathers lessons, learns from them, on a GPU if there is one."""
