"""`python -m acca` is the command `acca`."""

from acca.cli import main

main()
