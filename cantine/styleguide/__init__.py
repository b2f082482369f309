"""Every token and component on one page, light and dark: `/styleguide/`, on a developer's machine only."""
