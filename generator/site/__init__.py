"""Pages into files: rendering, writing, and taking the place of the old site."""
