"""PostgreSQL from the wheel's binaries: made, started, found and stopped; nobody's server class."""
