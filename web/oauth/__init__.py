"""How an app is let in: OAuth 2 after RFC 6749, 7636, 7009 and 8414."""
