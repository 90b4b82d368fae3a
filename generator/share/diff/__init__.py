"""What is not the same in two sites, and which of it is more than noise."""
