"""What the detectors that train with Keras share."""
