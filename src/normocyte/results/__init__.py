"""Answers: what a workflow gives back, without prose and without drawing."""
