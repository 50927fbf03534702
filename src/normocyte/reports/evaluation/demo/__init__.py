"""The report of a demo: several methods side by side, and behind them the report on the one that is kept."""
