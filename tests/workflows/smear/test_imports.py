"""What a worker of a smear imports before it judges."""

import json
import subprocess
import sys

HEAVY = {"scipy", "matplotlib", "pandas", "jinja2", "reportlab"}


def test_a_worker_imports_no_library_of_statistics_or_reports():
    code = "import json, sys, normocyte.workflows.smear.judge; print(json.dumps(sorted(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert HEAVY & set(json.loads(said.stdout)) == set()
