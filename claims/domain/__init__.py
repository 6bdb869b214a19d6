"""What the insurance knows and decides; no framework, no clock and no database in here."""
