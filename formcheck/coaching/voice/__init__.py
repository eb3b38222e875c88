"""How a sentence is made heard."""
