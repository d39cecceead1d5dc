"""Live cueing: a coach that watches one set after the other and says the one thing that matters now."""
