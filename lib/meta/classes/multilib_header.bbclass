# Headers that differ between 32 and 64 bits would need two names. There is one library directory, so one serves.

inherit siteinfo

oe_multilib_header() {
	:
}
