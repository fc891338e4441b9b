"""``python -m sandbooks`` is the command line."""

from sandbooks.cli import main

if __name__ == "__main__":
    main()
