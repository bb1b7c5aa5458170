"""The pages of the answers: for citizens, and the desk of those who write them."""
