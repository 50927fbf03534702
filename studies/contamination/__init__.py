"""What a few infected cells among the "healthy" ones cost, with and without the robust options."""
