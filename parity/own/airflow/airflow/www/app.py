"""What migrations have of the web application: permissions and roles, which are rows of its tables."""

from types import SimpleNamespace

from airflow.providers.fab.auth_manager.models import Action, Grant, Permission, Resource, Role
from airflow.settings import Session


class SecurityManager:
    """Of the application."""

    def __init__(self):
        self.session = Session()

    def get_action(self, name):
        """An action by its name."""
        return self.session.query(Action).filter(Action.name == name).one_or_none()

    def get_resource(self, name):
        """A resource by its name."""
        return self.session.query(Resource).filter(Resource.name == name).one_or_none()

    def get_permission(self, action, resource):
        """A permission by its parts."""
        found = self.session.query(Permission).join(Action).join(Resource)
        return found.filter(Action.name == action, Resource.name == resource).one_or_none()

    def create_permission(self, action, resource):
        """A permission, which may be there."""
        found = self.get_permission(action, resource)
        if found:
            return found
        made = Permission(action=self._made(Action, action), resource=self._made(Resource, resource))
        return self._added(made)

    def delete_permission(self, action, resource):
        """Takes a permission away that no role has."""
        found = self.get_permission(action, resource)
        if found and not self.session.query(Grant).filter(Grant.permission_view_id == found.id).count():
            self._deleted(found)

    def delete_action(self, name):
        """Takes an action away."""
        self._deleted(self.get_action(name))

    def get_all_roles(self):
        """The roles."""
        return self.session.query(Role).all()

    def get_all_resources(self):
        """The resources."""
        return self.session.query(Resource).all()

    def permission_exists_in_one_or_more_roles(self, resource, action, roles):
        """Whether one of the roles has the permission."""
        found = self.get_permission(action, resource)
        return bool(found) and self._grants(found).filter(Grant.role_id.in_(roles)).count() > 0

    def add_permission_to_role(self, role, permission):
        """Gives a permission to a role."""
        if permission and not self._grants(permission).filter(Grant.role_id == role.id).count():
            self._added(Grant(permission_view_id=permission.id, role_id=role.id))

    def remove_permission_from_role(self, role, permission):
        """Takes a permission from a role."""
        if permission:
            self._grants(permission).filter(Grant.role_id == role.id).delete()
            self.session.commit()

    def _grants(self, permission):
        return self.session.query(Grant).filter(Grant.permission_view_id == permission.id)

    def _made(self, model, name):
        found = self.session.query(model).filter(model.name == name).one_or_none()
        return found or self._added(model(name=name))

    def _added(self, row):
        self.session.add(row)
        self.session.commit()
        return row

    def _deleted(self, row):
        self.session.delete(row)
        self.session.commit()


def cached_app(config=None, testing=False):
    """The application."""
    return SimpleNamespace(appbuilder=SimpleNamespace(sm=SecurityManager()))
