"""Change alerts: mix test, event rules, episodes, states, and what is told of an alert.

Belongs here: whether something changed, and in which state the news of it is. Does not belong here: sending
(`delivery`).
"""
