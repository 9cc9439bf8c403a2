"""The ground; nothing here knows of ActivityPub."""
