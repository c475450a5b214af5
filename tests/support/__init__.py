"""What the tests stand on: the machine's database server and browser, and a cast of people."""
