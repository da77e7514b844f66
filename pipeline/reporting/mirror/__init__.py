"""What a supplier can see about a company."""
