"""The admin part of the client API: for apps of moderators and admins (mastodon-api.md 5.3)."""
