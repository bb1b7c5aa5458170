"""How switches speak the port: ``webhook`` over signed HTTP, ``simulator`` plays calls."""
