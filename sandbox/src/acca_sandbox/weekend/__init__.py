"""A whole weekend: cards, players, matches, settlement, corrections, and the money in the end."""
