"""The outbox, a file for a file."""
