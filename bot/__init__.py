"""People: settings, conversation, answers and front ends."""
