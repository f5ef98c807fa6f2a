from .device import Device, Session
from .letter import StaffLetter
from .lockdown import Lockdown
from .policy import RolePolicy
from .user import User, UserManager

__all__ = ["Device", "Lockdown", "RolePolicy", "Session", "StaffLetter", "User", "UserManager"]
