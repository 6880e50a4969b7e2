"""Answers made visible: plain text for terminals and pipes, Telegram HTML, JSON."""
