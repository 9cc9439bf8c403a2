"""The suite; tests/walks/ has the stories."""
