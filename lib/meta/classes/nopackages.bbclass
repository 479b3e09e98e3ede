# Recipes that no package would be made of.

deltask do_packagedata
