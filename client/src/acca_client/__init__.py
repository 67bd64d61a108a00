"""Client of the Acca bet engine: signs requests, verifies webhooks."""
