"""A data set found out from what a person gives."""
