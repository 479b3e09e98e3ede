# Software that comes built: what is in S goes into the image.

do_configure[noexec] = "1"
do_compile[noexec] = "1"

bin_package_do_install() {
	if [ -z "$(ls -A ${S})" ]; then
		bbfatal "there is nothing to install in ${S}"
	fi
	install -d ${D}${base_prefix}
	cp -R --no-dereference --preserve=mode,links,timestamps ${S}/. ${D}${base_prefix}/
}

FILES:${PN} = "/"

EXPORT_FUNCTIONS do_install
