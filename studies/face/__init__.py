"""What the Python face costs beside the pipeline's own call, and how soon the first verdict is there."""
