"""Cross-validation by patient with scikit-learn, on real cells."""
