"""Pages of the catalog: for citizens, and for those who keep the guides."""
