"""Hot spots at the desk: the list with its map, one matter with what may be done, alerts to acknowledge."""
