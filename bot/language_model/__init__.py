"""An optional language model on a short leash: it may phrase, every claim of it is checked."""
