"""The five products: what a card of each holds, what is wrong with it, and when it closes.

Each file has the same few functions: `event_ids`, `find_faults`, `closing`.
"""
