"""The month: weeks as rows, up to as many lines a day as fit, then a number."""
