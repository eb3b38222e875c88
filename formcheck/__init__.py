"""formcheck: watches a person exercise and says what is right, what is not, and what to do about it."""

__version__ = "0.1.0"
