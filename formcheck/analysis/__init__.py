"""A recorded clip in, a judged report out."""
