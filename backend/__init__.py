"""The customer portal: contracts, accounts and post of a group's customers in one place."""
