"""« Comptes »: what the books of a seller say of a period, as pages and as tables for a spreadsheet."""
