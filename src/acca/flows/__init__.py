"""Every change of state: load, decide, save, tell; one flow a file, and none calls another."""
