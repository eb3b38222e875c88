"""Pixels and time in, bodies and balls out."""
