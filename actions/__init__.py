"""What the assistant can do: answer, give first aid, take an intake, open claims, ask for a person."""
