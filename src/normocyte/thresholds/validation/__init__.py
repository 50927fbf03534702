"""How good a rule is that was chosen with labels."""
