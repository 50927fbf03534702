"""Runs the study."""

from studies.z_stacks.run import main

main()
