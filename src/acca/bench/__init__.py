"""Measurements that anyone can repeat: figures, never tests."""
