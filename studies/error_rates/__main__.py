"""Runs the study."""

from studies.error_rates import findings, sites_findings
from studies.error_rates.run import main
from studies.kit.measured import start

start(main, findings.PAGE, sites_findings.PAGE)
