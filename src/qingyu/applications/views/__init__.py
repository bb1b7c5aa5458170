"""Pages of applications: apply, correct, see that a result is genuine."""
