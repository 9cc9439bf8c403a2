"""The roof: the command, the workers, the tables."""
