"""Records of incidents, however a team keeps them, and what they tell of its operations."""
