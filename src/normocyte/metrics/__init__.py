"""This package turns scores and labels into figures with intervals."""
