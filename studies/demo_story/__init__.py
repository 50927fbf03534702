"""What the demo finds on synthetic cells, beside the same on real ones."""
