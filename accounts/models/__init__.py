from .user import User, UserManager

__all__ = ["User", "UserManager"]
