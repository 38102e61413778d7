"""`python -m huying.site.cli`: the same as `huying`, for the processes of a town."""

from huying.site.cli import main

main()
