"""The check `ownership`: who owns what, in CODEOWNERS, catalog files and operating models."""
