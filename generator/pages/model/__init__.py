"""What the page of one model needs."""
