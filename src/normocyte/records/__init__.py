"""What is kept in a database: the only home of SQLite."""
