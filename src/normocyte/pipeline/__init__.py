"""This package joins the parts in order and keeps them in one folder, the bundle."""
