"""What a notebook uses: assessments, fleets, runs and rosters as objects that show themselves."""
