"""What each command of the program does; the command line itself is bot.cli."""
