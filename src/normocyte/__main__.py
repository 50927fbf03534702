"""`python -m normocyte` is the same as `normocyte`."""

from normocyte.cli.app import main

if __name__ == "__main__":
    main()
