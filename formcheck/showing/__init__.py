"""Judged moments in; out comes what a person sees and takes away: reports, pictures, pages, files."""
