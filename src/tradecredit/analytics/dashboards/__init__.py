"""What the pages read: set-based, over many rooms, always within the actor's scope."""
