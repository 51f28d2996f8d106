"""What people and other programs read: pages, tables, and the formats of services."""
