"""What a grade is made of: parts of a large photo, and causes put together."""
