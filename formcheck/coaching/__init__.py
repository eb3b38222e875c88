"""Judged moments in; out comes what a person hears, is led through, and has done so far."""
