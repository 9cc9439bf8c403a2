"""Stories that cross the floors."""
