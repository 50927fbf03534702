"""Learning a detector."""
