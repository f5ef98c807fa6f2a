"""Who opened and clicked: what may be measured of whom, links and pictures that tell, and who a visitor was. Pure."""
