"""attnatlas: texts and models in, a static site that shows their attention out."""
