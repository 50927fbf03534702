"""What metrics of one kind share."""
