"""The pages of people: coming in, going out, who am I."""
