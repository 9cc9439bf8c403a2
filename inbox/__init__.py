"""Verbs coming in; each has a sister in outbox/."""
