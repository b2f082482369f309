"""What Stripe pays to the bank: taken over whole, matched with the statement, read as facts."""
