"""The demo town as plain data: its map, its organisation and its appeals, without a database."""
