"""Acca: bet cards, tickets, wallet protocol and settlement that anyone can run, read and trust."""
