"""Tests of what reaches the people here."""
