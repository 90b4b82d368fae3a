"""What is on the pages: their plan, sentences and figures, and what scripts get. Pure."""
