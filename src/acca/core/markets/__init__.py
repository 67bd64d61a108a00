"""Markets of every sport: data, and one pure function from a result to leg outcomes."""
