"""A site with all that a reader needs in years: a bag (BagIt 1.0) that is also an RO-Crate."""
