"""What stands between rows and the wire: letters read, letters sent."""
