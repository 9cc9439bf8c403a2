"""The roof: the command, the tables, the migrations; nothing imports from here."""

VERSION = "0.1.0"
