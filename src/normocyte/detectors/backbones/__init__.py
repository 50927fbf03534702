"""What turns pictures into feature maps: one file a backbone, found by its name."""
