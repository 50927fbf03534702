"""This room turns scores and labels into figures with intervals."""
