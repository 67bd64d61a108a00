"""What is done without being asked: duties, each on a beat of its own."""
