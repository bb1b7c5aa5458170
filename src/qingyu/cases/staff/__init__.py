"""The staff door: baskets, the case page with everything that may be done to it, dispatch, filing for a caller."""
