"""What every configuration reaches on one labelled set: the page on a finished comparison."""
