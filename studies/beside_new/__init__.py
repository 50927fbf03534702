"""What anomalib's detectors with the same backbone, and plain baselines, reach beside `normocyte new`."""
