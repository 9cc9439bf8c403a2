"""The face: everything that speaks HTTP."""
