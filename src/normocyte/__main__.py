"""`python -m normocyte` is the same as `normocyte`."""

from normocyte.cli.quick import main

if __name__ == "__main__":
    main()
