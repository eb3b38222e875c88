"""How a person is led through a workout: its scenes, what is said when, and the way into each start position."""
