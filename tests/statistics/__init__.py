"""Numbers for owners: counted right, kept right, asked quickly, told only to whom they are due."""
