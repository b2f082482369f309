"""How Django writes dates by itself, in the management's lists, by language."""
