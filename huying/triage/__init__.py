"""What it is: item, grade, place, twins, with doubt and reasons."""
