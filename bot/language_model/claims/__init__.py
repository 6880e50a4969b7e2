"""Claims of a language model held against the sentences that they cite."""
