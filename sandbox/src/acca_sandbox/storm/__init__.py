"""The storm: a crowd of clients against real processes, with faults and kills."""
