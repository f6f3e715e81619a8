"""Offering times: the mode over the week, its panel, and what leaves the computer."""
