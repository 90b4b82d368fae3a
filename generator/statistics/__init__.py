"""Intervals, splits, permutations and ranks: numbers in, numbers out."""
