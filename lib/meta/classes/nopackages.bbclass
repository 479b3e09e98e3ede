# Recipes that no package would be made of.

deltask do_package
deltask do_packagedata
