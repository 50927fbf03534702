"""The entry point for Python: user objects with tables and plots around the workflows; imported lazily."""
