"""The numbers and the figure of a batch."""
