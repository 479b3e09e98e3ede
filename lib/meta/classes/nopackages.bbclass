# Recipes that no package would be made of.

deltask do_package
deltask do_package_write_deb
deltask do_package_write_rpm
deltask do_packagedata
