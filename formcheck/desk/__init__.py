"""Pages that a person works on: a report corrected, a film labelled; served to this machine alone."""
