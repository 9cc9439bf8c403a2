"""The rules, how they are kept, and the record of both."""
