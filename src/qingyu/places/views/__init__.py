"""The pages of the points: citizens', the desk's, and the circle."""
