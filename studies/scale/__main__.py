"""`python -m studies.scale`."""

from studies.scale.run import main

if __name__ == "__main__":
    main()
