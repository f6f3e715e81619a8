"""Linking a source: what there is to choose, what each way lets the program see, and the first start."""
