"""Own parts, from folders outside of the package: loads them, and names the one that fails."""
