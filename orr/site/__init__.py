"""Review without a server: pages with orr, the workloads' files and recorded facts."""
