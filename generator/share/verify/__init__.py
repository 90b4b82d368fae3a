"""Whether a model, run once more, gives the numbers that a site shows."""
