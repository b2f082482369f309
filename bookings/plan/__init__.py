"""The floor as a drawing: from `Floor.drawing` and the spaces' geometry to what the template prints."""
