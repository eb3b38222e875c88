"""Reports, exercises and progress in the terminal."""
