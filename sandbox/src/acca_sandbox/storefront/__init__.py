"""A storefront as a player sees it on a phone, for trying Acca out."""
