"""Runs the study."""

from studies.train_cost.run import main

main()
