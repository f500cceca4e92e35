"""The project file: the only room that knows SQLite and SQLAlchemy."""
