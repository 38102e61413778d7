"""What staff keep at their desk: phrases, who is at which case, views of lists, bulk acts, lists as files."""
