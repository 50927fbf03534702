"""The entry point for scikit-learn: an outlier detector that learns what healthy cells look like."""

from normocyte.core.errors import check_installed

check_installed("sklearn", "sklearn")

from normocyte.sklearn.detector import HealthyOnlyDetector  # noqa: E402 - it needs what was just looked for

__all__ = ["HealthyOnlyDetector"]
