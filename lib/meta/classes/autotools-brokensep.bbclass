# Software with a configure script that must be built where its sources are.

inherit autotools

B = "${S}"
