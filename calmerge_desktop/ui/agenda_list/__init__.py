"""The agenda list: the accessible equal of the week."""
