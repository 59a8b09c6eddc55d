"""What the operating system gives: files, processes, the cache."""
