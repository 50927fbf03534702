"""What the detectors that look at the feature maps of a backbone share."""
