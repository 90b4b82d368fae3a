"""The files of numbers that a site holds, and that can be built from again."""
