/* What the name of a file says of another model whose numbers were taken away. */
atlas.lessInFile = (vs) => (vs ? [`less-${vs.replace(/[^\w.-]+/g, "-")}`] : []);
