"""What migrations have of the web application: a new database has neither permissions nor roles."""

from types import SimpleNamespace


class SecurityManager:
    """Of the application."""

    def get_permission(self, action, resource):
        """A permission by its parts."""

    def get_action(self, name):
        """An action by its name."""

    def create_permission(self, action, resource):
        """Reached for permissions only that are there in another form."""
        raise NotImplementedError

    def delete_permission(self, action, resource):
        """Takes away what is not there."""

    def get_all_roles(self):
        """The roles."""
        return []

    def get_all_resources(self):
        """The resources."""
        return []


def cached_app(config=None, testing=False):
    """The application."""
    return SimpleNamespace(appbuilder=SimpleNamespace(sm=SecurityManager()))
