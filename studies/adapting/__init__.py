"""What `normocyte adapt` gains, and how many infected cells among the presumed-healthy ones it forgives."""
