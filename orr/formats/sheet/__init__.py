"""Answer sheets: what a workload is asked, to be filled in elsewhere and brought back."""
