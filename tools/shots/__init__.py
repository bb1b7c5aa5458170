"""The pictures in the documents: ``desks`` for the guides of the roles, ``doors`` for the page of each door."""
