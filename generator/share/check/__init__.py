"""Whether a built site is what it says: its files, its pages, its numbers, its sentences."""
