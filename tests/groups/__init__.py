"""Groups elsewhere, each played by a small server out of the recorded documents of its kind."""
