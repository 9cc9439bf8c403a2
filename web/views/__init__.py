"""What the templates are given: frozen views, never rows of the database."""
