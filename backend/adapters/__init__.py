"""Adapters: one port each, the only code that speaks to systems outside the portal."""
