"""Photos: received whole, kept by their hash, shown only as derivatives that a person has looked at."""
