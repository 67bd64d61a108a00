"""Sandbox of the Acca bet engine: what a newcomer and an operator try Acca with."""
