"""What becomes of verdicts on crops in other formats, late stages, blots, and films that are not thin."""
