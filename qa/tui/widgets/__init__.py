"""The chat's widgets: they show what they are given and post what the user does. None of them calls the backend."""
