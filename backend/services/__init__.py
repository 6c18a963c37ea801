"""The rules of the business, one file per noun."""
