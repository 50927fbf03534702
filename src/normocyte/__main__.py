"""`python -m normocyte` is the same as `normocyte`."""

import contextlib
import signal


def main() -> None:
    """Run the command line; while it is imported, Ctrl-C ends the process without a word."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        with contextlib.suppress(ValueError):  # a thread may not
            signal.signal(signal.SIGINT, signal.SIG_DFL)
    from normocyte.cli.quick import main as run

    run()


if __name__ == "__main__":
    main()
