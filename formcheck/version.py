"""The version of the program, and nothing else: whoever writes it into a file need not load the package's face."""

__version__ = "0.1.0"
