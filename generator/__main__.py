"""`python -m attnatlas` is the command `attnatlas`."""

from .cli import main

main()
