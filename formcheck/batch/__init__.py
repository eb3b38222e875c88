"""Many clips at once: inputs, a pool of processes or a Ray cluster, a journal, tables and an index page."""
