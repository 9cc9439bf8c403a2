"""Rows → the frozen views that templates are given; a fixed number of queries for each page."""
