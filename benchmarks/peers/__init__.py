"""What people would use instead: one small driver each, in a process and an environment of its own."""
