"""What is made at build time: style sheets from their layers, fonts from their packages."""
