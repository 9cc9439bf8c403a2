"""The wire: what ActivityPub says, and how it travels; no database here."""
