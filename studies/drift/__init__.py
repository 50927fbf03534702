"""How often `normocyte monitor` alarms where nothing changed, and how many patients a change needs."""
