"""A site's own calibration and adaptation."""
