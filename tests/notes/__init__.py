"""Tests of notes/."""
