"""What can go wrong, each failure one line that says what a person can do.

::

    BelegError
    ├── UsageError            the request itself is wrong (exit status 2)
    ├── SeedsError            the seeds folder is missing, empty, or not the index's own
    ├── IndexFolderError      the index folder cannot be used or written
    ├── LockHeldError         another build is at work
    ├── NoIndexError          there is no generation yet
    ├── DamagedError          files of a generation do not match their checksums
    ├── MismatchError         the index was made by another model or format version
    └── ModelError            the embedding model is missing, damaged or wrong

A file that cannot be read is no failure of a build: it ends as a ``Skipped`` with its reason.
"""

from __future__ import annotations


class BelegError(Exception):
    """Base of all failures meant for a person's eyes: ``str(error)`` is one clear line."""


class UsageError(BelegError):
    """The request itself is wrong: an empty question, a folder inside another."""


class SeedsError(BelegError):
    """The seeds folder is missing, empty, or not the one the index was built from."""


class IndexFolderError(BelegError):
    """The index folder cannot be used or written."""


class LockHeldError(BelegError):
    """Another build of the same index is at work."""


class NoIndexError(BelegError):
    """There is no generation to read yet."""


class DamagedError(BelegError):
    """Files of a generation do not match the checksums in its manifest."""


class MismatchError(BelegError):
    """The index was made by another embedding model or format version."""


class ModelError(BelegError):
    """The embedding model is missing, damaged or not the right one."""
