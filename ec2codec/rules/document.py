"""Rules 5xx: XML documents."""
