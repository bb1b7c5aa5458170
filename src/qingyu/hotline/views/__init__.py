"""The pages of the hotline: the agent's desk, what is done in a call, call-backs, figures."""
