"""What analyses return, how it is kept, and how its numbers are worded."""
