"""Papers at the desk: reminder letters, bulletins, and how a town heads them."""
