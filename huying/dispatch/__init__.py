"""Who answers for it: duty rules and the assignment they give."""
