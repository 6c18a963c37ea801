"""Judging a customer's file in a process of its own: knows nothing of the portal around it."""
