"""Whose history, limits and plan are meant: people by name, each with a folder of their own on this machine."""

from .store import ME, Person, add_person, find_person, list_people

__all__ = ["ME", "Person", "add_person", "find_person", "list_people"]
