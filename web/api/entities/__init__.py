"""Our things, as the client API writes them."""
