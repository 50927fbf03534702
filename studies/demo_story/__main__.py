"""Runs the study."""

from studies.demo_story.run import main

main()
