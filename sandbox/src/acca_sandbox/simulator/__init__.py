"""A provider of football that is not real: leagues, odds and results told through the feed."""
