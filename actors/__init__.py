"""Who: people, groups, the instance."""
