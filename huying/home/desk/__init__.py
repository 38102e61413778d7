"""The staff's desk: inbox, case page, dispatchers' queue, entering for residents, and the town's settings."""
