"""Articles, models and files on disk: from a folder of files to sentences that answer."""
