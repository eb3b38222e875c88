"""The commands, a module each; ``formcheck.cli`` loads one when it is asked for."""
