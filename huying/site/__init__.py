"""The site: settings, addresses and the wiring of facts to jobs."""
