"""The ground: the embedded database and the processes of one town."""
