"""What the page of one text as one model read it needs."""
