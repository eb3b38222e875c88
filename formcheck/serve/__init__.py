"""The coach as a page: a server on this machine, fed by browsers with what they saw. See ``docs/protocol.md``."""
