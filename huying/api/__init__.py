"""The public API: one address per action, problem+json for every no, OpenAPI for everything."""
