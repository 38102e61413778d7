"""The town's office: catalogue, duties, calendar, imports, areas, numbers."""
