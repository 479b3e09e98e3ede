# Whether software describes its interfaces for other languages: no, unless GI_DATA_ENABLED is "True".

GI_DATA_ENABLED ?= "False"
