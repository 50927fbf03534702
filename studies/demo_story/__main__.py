"""Runs the study."""

from studies.demo_story.run import main
from studies.kit.measured import start

start(main)
