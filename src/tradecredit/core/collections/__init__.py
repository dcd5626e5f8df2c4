"""Getting the money back: reminders, dunning stages, letters, promises and disputes."""
