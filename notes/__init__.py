"""What: the things people post."""
