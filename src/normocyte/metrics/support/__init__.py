"""What the parts of this folder share."""
