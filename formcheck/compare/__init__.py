"""Two sessions, or left and right of one, beside each other: what changed beyond what chance makes."""
