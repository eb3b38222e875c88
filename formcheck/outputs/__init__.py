"""What a session leaves behind: reports, tables, annotated pictures."""
