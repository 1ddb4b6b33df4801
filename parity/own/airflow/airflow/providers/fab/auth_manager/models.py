"""What migrations have of the models of permissions and roles, which are of another package."""

from sqlalchemy import Column, ForeignKey, Integer, String
from sqlalchemy.orm import declarative_base, relationship

Base = declarative_base()


class Action(Base):
    """What may be done."""

    __tablename__ = "ab_permission"
    id = Column(Integer, primary_key=True)
    name = Column(String(100))


class Resource(Base):
    """With what."""

    __tablename__ = "ab_view_menu"
    id = Column(Integer, primary_key=True)
    name = Column(String(250))


class Permission(Base):
    """An action with a resource."""

    __tablename__ = "ab_permission_view"
    id = Column(Integer, primary_key=True)
    action_id = Column("permission_id", Integer, ForeignKey("ab_permission.id"))
    action = relationship("Action", uselist=False)
    resource_id = Column("view_menu_id", Integer, ForeignKey("ab_view_menu.id"))
    resource = relationship("Resource", uselist=False)


class Role(Base):
    """Of users."""

    __tablename__ = "ab_role"
    id = Column(Integer, primary_key=True)
    name = Column(String(64))


class Grant(Base):
    """That a role has a permission."""

    __tablename__ = "ab_permission_view_role"
    id = Column(Integer, primary_key=True)
    permission_view_id = Column(Integer, ForeignKey("ab_permission_view.id"))
    role_id = Column(Integer, ForeignKey("ab_role.id"))
