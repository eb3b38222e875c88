"""What became of a session, as data: objects, rows and tables."""
