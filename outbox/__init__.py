"""Verbs going out; each has a sister in inbox/."""
