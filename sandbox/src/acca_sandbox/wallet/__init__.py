"""The reference wallet: what an operator's PAM has to do, small enough to be read."""
