"""Runs the study."""

from studies.error_rates.run import main

main()
