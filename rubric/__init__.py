"""The roof: the command, the tables, the migrations; nothing imports from here."""
