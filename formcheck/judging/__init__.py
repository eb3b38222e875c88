"""Bodies in, verdicts out: geometry, rules and exercises; numbers only, no pictures."""
