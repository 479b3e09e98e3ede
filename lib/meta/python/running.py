"""Runs the Python of recipes, with file and line as the recipe has them."""
import os
import re
import sys
import time

import bb
import bb.build
import oe
import oe.utils

names = {"bb": bb, "oe": oe, "os": os, "re": re, "sys": sys, "time": time}


def placed(text, filename, line):
    """Compiled so that the first line of the text is that line of the file."""
    return compile("\n" * (line - 1) + text, filename, "exec")


def run(body, d, filename, line):
    """Runs the body of a function; `line` is that of the function's head."""
    text = "def __body(d):\n" + (body if body.strip() else "    pass") + "\n"
    own = {}
    exec(placed(text, filename, line), names, own)
    own["__body"](d)


def define(text, filename, line):
    exec(placed(text, filename, line), names)


bb.build.functions["run"] = run
