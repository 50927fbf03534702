"""What is stained otherwise than the red cells of its field."""
