"""People whose voices are saved: who they are, and what is done with them."""
