"""Small tools that know nothing of neighbourhoods."""
