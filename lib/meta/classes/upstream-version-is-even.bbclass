# Of this project, only versions with an even second number are releases. Nobody looks for new ones here.
