"""CalMerge's own drivers: each is a fresh process that does one job through the program's own code."""
