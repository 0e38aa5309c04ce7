"""The command line: thin commands over ``busim.study``; whatever is heavy is imported inside them."""
