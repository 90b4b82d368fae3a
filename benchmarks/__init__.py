"""What attnatlas costs, as ratios taken in one run. `make bench` runs all of it."""
