"""What the commands do that are called most: it needs no Typer, which only help and mistakes do."""
