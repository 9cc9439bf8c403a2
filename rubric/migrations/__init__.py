"""What each release changed in the tables."""
