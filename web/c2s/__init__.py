"""The ActivityPub client API: programs that speak ActivityPub itself (docs/api.md)."""
