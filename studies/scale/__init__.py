"""How fast, how flat in memory and how safe a batch is."""
