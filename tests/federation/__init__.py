"""The wire, tried against itself and against traps."""
