"""A review without a server: pages that hold orr, the files of workloads, and what a browser cannot find out."""
