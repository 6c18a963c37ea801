"""Programs that attack a running portal on this machine, each within bounds, and count."""
