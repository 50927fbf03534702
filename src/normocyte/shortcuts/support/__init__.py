"""What the baselines of this package share."""
