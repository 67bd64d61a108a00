"""Calls to the operator's wallet and SMS receiver: the only room that calls out."""
