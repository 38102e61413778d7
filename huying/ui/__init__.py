"""Look and components: templates, styles, scripts and template tags that know no case and no appeal."""
