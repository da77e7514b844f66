"""Personal data: found, masked, checked for."""
