"""The page on a detector that was chosen for images of anything."""
