"""The Mastodon client API, and what we add to it."""
