"""The inbox: what others want of the person, whether it fits, what an answer does, and the day it is about."""
