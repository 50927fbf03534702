"""What the detectors that look at patches share."""
