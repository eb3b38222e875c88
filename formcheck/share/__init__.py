"""A report as one file to send: the page with a small film inside, or with nothing of the person to be seen."""
