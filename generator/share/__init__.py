"""What leaves this machine: starter projects, single files, archives, and what is published."""
