# Scripts that differ between 32 and 64 bits would need two names (MULTILIB_SCRIPTS). There is one library directory.

inherit update-alternatives
